import { SigningError } from '../error.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { type SealInfoV4, writeSealInfoV4, writeSealV4 } from './ses-v4.ts';

/** A key and the certificate (DER) that speaks for it. */
export interface CertifiedKey {
  readonly key: SigningKey;
  readonly certificate: Uint8Array;
}

export interface SealRequest extends SealInfoV4 {
  /** The maker of seals (制章人). */
  readonly maker: CertifiedKey;
}

/** Refuse a key that does not fit its certificate, or is not SM2. @throws KEY_UNUSABLE */
export function checkCertifiedKey({ key, certificate }: CertifiedKey): void {
  if (key.algorithm !== 'SM2' || !sameBytes(parseCertificate(certificate).publicKey, key.publicKey)) {
    throw new SigningError('KEY_UNUSABLE', 'seals need an SM2 key that fits its certificate');
  }
}

/** Make an electronic seal, SESeal of GB/T 38540-2020, DER.
 *  @throws KEY_UNUSABLE for a maker whose key does not fit; SEAL_UNFIT for a seal nobody could use */
export async function makeSeal(request: SealRequest): Promise<Uint8Array> {
  checkCertifiedKey(request.maker);
  if (request.certificates.length === 0) throw new SigningError('SEAL_UNFIT', 'a seal without signers');
  if (request.validTo <= request.validFrom) throw new SigningError('SEAL_UNFIT', 'a seal that ends before it begins');
  const info = writeSealInfoV4(request);
  return writeSealV4(info, request.maker.certificate, await request.maker.key.sign(info));
}
