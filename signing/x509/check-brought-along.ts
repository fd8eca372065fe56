/** What a file brings along beside its signature to be judged by later: certificates and revocation lists. They help, they
 *  never lend trust. In our own files they must be exact: each must hold by another of them, so that none of their bytes
 *  can change unseen. */
import type { ParsedCertificate } from './parse-certificate.ts';
import type { ParsedCrl } from './parse-crl.ts';
import { isIssuedBy, isSelfSigned, sameBytes } from './verify-chain.ts';
import { verifySignedOnce } from './verify-signed.ts';

export interface BroughtAlong {
  readonly certificates: readonly ParsedCertificate[];
  readonly crls: readonly ParsedCrl[];
}

/** Whether every certificate is self-signed or issued by another, and every list issued by one of them. */
export function isClosed({ certificates, crls }: BroughtAlong): boolean {
  const certified = certificates.every(
    (one) => isSelfSigned(one) || certificates.some((other) => other !== one && isIssuedBy(one, other)),
  );
  return certified && crls.every((crl) => certificates.some((issuer) => isListOf(crl, issuer)));
}

/** Whether `issuer` signed the list. */
export function isListOf(crl: ParsedCrl, issuer: ParsedCertificate): boolean {
  return (
    sameBytes(crl.issuerDer, issuer.subjectDer) &&
    verifySignedOnce(crl.signatureAlgorithm, issuer.publicKey, crl.tbs, crl.signature)
  );
}
