import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { stampValue } from '../tsp/stamp-value.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { isWithinValidity } from '../x509/verify-chain.ts';
import { verifySignedOnce } from '../x509/verify-signed.ts';
import { type CertifiedKey, checkCertifiedKey } from './make-seal.ts';
import { parseSeal } from './parse-seal.ts';
import type { ParsedSeal } from './parsed-seal.ts';
import { writeStampV4, writeTbsV4 } from './ses-v4.ts';
import { isListedSigner } from './verify-seal.ts';

export interface StampRequest {
  /** SESeal, DER. */
  readonly seal: Uint8Array;
  readonly at: Date;
  /** SM3 of what is protected, 32 bytes. */
  readonly dataHash: Uint8Array;
  /** Where the protected thing is described: ASCII, for OFD the path of Signature.xml. */
  readonly propertyInfo: string;
  readonly signer: CertifiedKey;
  /** Asked for a time-stamp over the signature value. */
  readonly timeStamper?: TimeStamper;
}

/** Refuse a seal that may not be pressed by this signer now (GB/T 38540 before-sealing checks).
 *  @throws SEAL_UNFIT, CERTIFICATE_UNFIT, KEY_UNUSABLE */
export function checkSealUse(seal: ParsedSeal, signer: CertifiedKey, at: Date): void {
  checkCertifiedKey(signer);
  const maker = parseCertificate(seal.makerCertificate);
  if (!verifySignedOnce(OID.sm2WithSm3, maker.publicKey, seal.signedBytes, seal.signature)) {
    throw new SigningError('SEAL_UNFIT', 'the signature of the seal maker is wrong');
  }
  if (!isListedSigner(seal, signer.certificate))
    throw new SigningError('SEAL_UNFIT', 'the seal does not list this signer');
  if (at < seal.validFrom || at > seal.validTo)
    throw new SigningError('SEAL_UNFIT', 'the seal is not valid at this time');
  if (!isWithinValidity(parseCertificate(signer.certificate), at)) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the certificate of the signer is not valid at this time');
  }
}

/** Press a seal: SES_Signature of GB/T 38540-2020, DER.
 *  @throws SEAL_UNFIT, CERTIFICATE_UNFIT, KEY_UNUSABLE; TIME_STAMP_UNFIT for a time-stamp that proves nothing */
export async function stamp(request: StampRequest): Promise<Uint8Array> {
  const { signer, timeStamper } = request;
  checkSealUse(parseSeal(request.seal), signer, request.at);
  const tbs = writeTbsV4(request.seal, request.at, request.dataHash, request.propertyInfo);
  const value = await signer.key.sign(tbs);
  const timeStamp = timeStamper && (await stampValue(timeStamper, value));
  return writeStampV4(tbs, signer.certificate, value, timeStamp);
}
