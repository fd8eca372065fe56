/** The checks `certificate`, `trust` and `revocation` of one certificate, at the time of signing. */
import { check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { checkRevocation } from './check-revocation.ts';
import { maySign, maySignDocuments } from './may-sign-documents.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import type { TrustStore } from './trust-store.ts';
import { isWithinValidity, verifyChain } from './verify-chain.ts';

export interface CertificateJudgement {
  readonly checks: readonly Check[];
  /** Null when no anchors were given. */
  readonly trusted: boolean | null;
}

/** What the signature is over; who stamps times is held to RFC 3161 §2.3 where the token is opened. */
export type SignedMatter = 'document' | 'time-stamp';

function judgeFitness(certificate: ParsedCertificate, at: Date, where: string, matter: SignedMatter): Check {
  if (!isWithinValidity(certificate, at)) return check('certificate', 'failed', 'CERTIFICATE_OUTSIDE_VALIDITY', where);
  const fits = matter === 'document' ? maySignDocuments(certificate) : maySign(certificate);
  if (!fits) return check('certificate', 'failed', 'CERTIFICATE_USAGE', where);
  if (certificate.unknownCritical !== undefined) return check('certificate', 'failed', 'CERTIFICATE_MALFORMED', where);
  return passed('certificate', where);
}

function judgeRevocation(path: readonly ParsedCertificate[], store: TrustStore, at: Date, where: string): Check {
  let unknown: Check | undefined;
  for (const [index, certificate] of path.entries()) {
    // an anchor is believed by choice, not because nobody revoked it
    if (index > 0 && index === path.length - 1) break;
    const result = checkRevocation(certificate, path[index + 1], store.crls, at, {
      now: store.now,
      staleAfterMs: store.staleAfterMs ?? 0,
    });
    if (result.state === 'revoked') return check('revocation', 'failed', 'REVOKED', where);
    if (result.state === 'unknown') unknown ??= check('revocation', 'not-judged', result.code, where);
  }
  return unknown ?? passed('revocation', where);
}

/** Judge a certificate that signed at `at`. `extra` are certificates found in the file: they may stand
 *  between, they never lend trust. */
export function judgeCertificate(
  certificate: ParsedCertificate,
  store: TrustStore,
  at: Date,
  where: string,
  extra: readonly ParsedCertificate[] = [],
  matter: SignedMatter = 'document',
): CertificateJudgement {
  const fitness = judgeFitness(certificate, at, where, matter);
  if (store.anchors === undefined) {
    const trust = check('trust', 'not-judged', 'TRUST_NOT_GIVEN', where);
    return { checks: [fitness, trust, judgeRevocation([certificate], store, at, where)], trusted: null };
  }
  const policy = { anchors: store.anchors, intermediates: [...store.intermediates, ...extra], at };
  const chain = verifyChain(certificate, policy);
  const trust = chain.path ? passed('trust', where) : check('trust', 'failed', chain.fault, where);
  const revocation = judgeRevocation(chain.path ?? [certificate], store, at, where);
  return { checks: [fitness, trust, revocation], trusted: chain.path !== undefined };
}
