/** A GB/T 35275 signature over a few bytes, with what proves it later: certificates, revocation lists, and a time-stamp over
 *  its value. What packages and archive volumes are signed with. */
import { SigningError } from '../error.ts';
import { type CertifiedKey, checkCertifiedKey } from '../seal/make-seal.ts';
import { stampValue } from '../tsp/stamp-value.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { isClosed } from '../x509/check-brought-along.ts';
import { maySignDocuments } from '../x509/may-sign-documents.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { parseCrl } from '../x509/parse-crl.ts';
import { isWithinValidity } from '../x509/verify-chain.ts';
import { writeGmSignedData } from './write-gm-signed-data.ts';

export interface GmSignRequest {
  /** SM2. */
  readonly signer: CertifiedKey;
  /** DER, from the signer's issuer up to a root: a file must not bring certificates along that nothing in it proves. */
  readonly chain: readonly Uint8Array[];
  readonly at: Date;
  /** DER: further certificates for later, such as the chains of seal maker and time-stamp authority, each up to a root. */
  readonly certificates?: readonly Uint8Array[];
  /** DER revocation lists, each of an issuer among the certificates. */
  readonly crls?: readonly Uint8Array[];
  /** Asked for a time-stamp over the signature value. */
  readonly timeStamper?: TimeStamper;
}

/** Judge key, certificates and lists; gives what makes the value (ContentInfo, DER) over its content.
 *  @throws KEY_UNUSABLE, CERTIFICATE_UNFIT; MALFORMED for certificates and lists that are none. The maker: TIME_STAMP_UNFIT */
export function openGmSigner(request: GmSignRequest): (content: Uint8Array) => Promise<Uint8Array> {
  checkCertifiedKey(request.signer);
  const signer = parseCertificate(request.signer.certificate);
  const certificates = [signer.raw, ...request.chain, ...(request.certificates ?? [])];
  const crls = request.crls ?? [];
  if (!isClosed({ certificates: certificates.map(parseCertificate), crls: crls.map(parseCrl) })) {
    const reason = 'CERTIFICATE_CHAIN_BROKEN';
    throw new SigningError('CERTIFICATE_UNFIT', 'a certificate or list whose issuer is not brought along', { reason });
  }
  if (!maySignDocuments(signer) || !isWithinValidity(signer, request.at)) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the certificate of the signer is not valid for this, or at this time');
  }
  const { timeStamper } = request;
  return async (content) => {
    const signature = await request.signer.key.sign(content);
    const timeStamp = timeStamper && (await stampValue(timeStamper, signature));
    return writeGmSignedData({ signer, certificates, crls, content, signature, timeStamp });
  };
}
