/** Revocation by lists (RFC 5280 §6.3), judged at the time of signing. */
import type { CheckCode } from '../verify/check-words.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import type { ParsedCrl } from './parse-crl.ts';
import { sameBytes } from './verify-chain.ts';
import { verifySignedOnce } from './verify-signed.ts';

export type RevocationState =
  | { readonly state: 'good' }
  | { readonly state: 'revoked'; readonly at: Date }
  /** No list of the issuer, or none that can be relied on. */
  | { readonly state: 'unknown'; readonly code: CheckCode };

/** Whether a certificate was revoked at `at`. `issuer` undefined: the chain is not known, so a list that names
 *  the certificate still counts (it can only make the answer stricter), but none can clear it. */
export function checkRevocation(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate | undefined,
  crls: readonly ParsedCrl[],
  at: Date,
): RevocationState {
  let answer: RevocationState = { state: 'unknown', code: 'REVOCATION_UNKNOWN' };
  for (const crl of crls) {
    if (!sameBytes(crl.issuerDer, certificate.issuerDer)) continue;
    if (issuer && !isSignedByIssuer(crl, issuer)) {
      if (answer.state === 'unknown') answer = { state: 'unknown', code: 'CRL_INVALID' };
      continue;
    }
    const revokedAt = crl.revoked.get(certificate.serial);
    if (revokedAt !== undefined && revokedAt <= at) return { state: 'revoked', at: revokedAt };
    const current = crl.nextUpdate === undefined || crl.nextUpdate >= at;
    if (issuer && current && !crl.partial) answer = { state: 'good' };
  }
  return answer;
}

function isSignedByIssuer(crl: ParsedCrl, issuer: ParsedCertificate): boolean {
  if (issuer.keyUsage && !issuer.keyUsage.has('cRLSign')) return false;
  return verifySignedOnce(crl.signatureAlgorithm, issuer.publicKey, crl.tbs, crl.signature);
}
