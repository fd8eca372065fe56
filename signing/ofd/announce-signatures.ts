/** Our own files announce, in the custom data that the seal covers, the signatures they carry when finished, and whose key the
 *  repository's own is made with: none can be stripped, or put in another's place, unseen. */
import { sm3 } from '../sm2/sm3.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import type { SignatureType } from './write-signature-xml.ts';

/** Types in their order, parted by spaces. */
export const ANNOUNCED_SIGNATURES = 'Zhengku.Signatures';

/** SM3 of the SubjectPublicKeyInfo of whoever makes the signatures of Type Sign, hexadecimal. Older files do not say. */
export const ANNOUNCED_SIGNER = 'Zhengku.Signer';

export interface AnnouncedSignatures {
  /** In order: a file that has lost one of them is refused. */
  readonly types: readonly SignatureType[];
  /** Certificate, DER, whose key makes those of Type Sign; left out: any. */
  readonly signer?: Uint8Array;
}

/** Custom data by name. @throws MALFORMED for a signer that is no certificate */
export function announceSignatures({ types, signer }: AnnouncedSignatures): Record<string, string> {
  const key = signer ? { [ANNOUNCED_SIGNER]: announcedKeyOf(parseCertificate(signer)) } : {};
  return { [ANNOUNCED_SIGNATURES]: types.join(' '), ...key };
}

/** The key of a certificate, as it is announced. */
export function announcedKeyOf({ publicKey }: Pick<ParsedCertificate, 'publicKey'>): string {
  return Buffer.from(sm3(publicKey)).toString('hex');
}
