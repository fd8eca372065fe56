/** Apply rules to what a verifier reported. Pure: a report in, a report out; nothing of the file is looked at again. */
import { type CheckCode, check } from './check-words.ts';
import type { CertificateFacts, Check, SignatureFacts, VerificationPolicy, VerificationReport } from './report.ts';
import { mayRelax, type VerificationRules } from './rules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What the verifiers are given, so far as rules have a say in it. */
export function policyUnder(rules: VerificationRules, policy: VerificationPolicy): VerificationPolicy {
  return rules.crlGraceHours === 0 ? policy : { ...policy, crlGraceMs: rules.crlGraceHours * HOUR_MS };
}

/** @param policy what the verifier was given */
export function applyRules(
  report: VerificationReport,
  rules: VerificationRules,
  policy: VerificationPolicy,
): VerificationReport {
  const signatures = report.signatures ?? [];
  const timed = judgeAhead(report.checks, signatures, rules, policy.at);
  const demanded = report.signed ? demand(report.format, timed, signatures, rules, policy) : [];
  const refused = new Set(demanded.filter(isShortKey).map(({ where }) => where));
  const kept = timed.filter((one) => !(isShortKey(one) && refused.has(one.where)));
  const checks = [...kept, ...demanded].map((one) => meaning(one, rules));
  const valid = report.signed && report.trusted !== false && checks.every(({ outcome }) => outcome !== 'failed');
  return { ...report, valid, checks };
}

/** Further checks by the floors above (status, dispute), under the same rules. */
export function addChecks<T extends VerificationReport>(
  report: T,
  further: readonly Check[],
  rules: VerificationRules,
): T {
  const added = further.map((one) => meaning(one, rules));
  const valid = report.valid && added.every(({ outcome }) => outcome !== 'failed');
  return { ...report, valid, checks: [...report.checks, ...added] };
}

/** What a check means under the rules. A failure stays one unless its code may be relaxed. */
function meaning(one: Check, rules: VerificationRules): Check {
  if (one.code === undefined || one.outcome === 'passed') return one;
  const unjudged = one.name === 'revocation' && one.outcome === 'not-judged';
  if (unjudged && rules.demands.revocation) return { ...one, outcome: 'failed' };
  const ruled = rules.outcomes[one.code as CheckCode];
  if (ruled === undefined || (one.outcome === 'failed' && ruled !== 'failed' && !mayRelax(one.code))) return one;
  return { ...one, outcome: ruled };
}

/** Verifiers allow a claimed time five minutes; rules may allow less. */
function judgeAhead(
  checks: readonly Check[],
  signatures: readonly SignatureFacts[],
  rules: VerificationRules,
  at: Date,
): readonly Check[] {
  const latest = at.getTime() + rules.aheadMinutes * MINUTE_MS;
  const early = signatures.filter(
    ({ claimedAt, provenAt }) => claimedAt !== null && provenAt === null && Date.parse(claimedAt) > latest,
  );
  if (early.length === 0) return checks;
  const places = new Set(early.map(({ where }) => where));
  return checks.map((one) => {
    const tooEarly = one.name === 'time' && one.outcome === 'passed' && places.has(one.where ?? '');
    return tooEarly ? check('time', 'failed', 'TIME_IN_FUTURE', one.where) : one;
  });
}

function demand(
  format: VerificationReport['format'],
  checks: readonly Check[],
  signatures: readonly SignatureFacts[],
  rules: VerificationRules,
  policy: VerificationPolicy,
): Check[] {
  const { demands } = rules;
  const found: Check[] = signatures.flatMap((signature) => shortKeys(signature, rules));
  if (demands.timeStamp) found.push(...unproven(signatures));
  if (demands.revocation && !checks.some(({ name }) => name === 'revocation')) {
    found.push(check('revocation', 'not-judged', 'REVOCATION_UNKNOWN'));
  }
  const sealed = signatures.some(({ seal }) => seal !== null);
  if (sealed && policy.sealMakers === undefined) {
    // any certificate that leads to an anchor could have made the seal: that is said even where it is allowed
    found.push(check('seal', demands.acceptedMaker ? 'failed' : 'not-judged', 'SEAL_MAKERS_NOT_GIVEN'));
  }
  if (demands.bothAlgorithms && format === 'pdf' && !hasBoth(signatures)) {
    found.push(check('signature', 'failed', 'ALGORITHM_MISSING'));
  }
  return found;
}

/** A time-stamp proves its own time; every other signature needs one. */
function unproven(signatures: readonly SignatureFacts[]): Check[] {
  if (signatures.length === 0) return [check('time', 'failed', 'TIMESTAMP_MISSING')];
  return signatures
    .filter(({ kind, provenAt }) => kind !== 'time-stamp' && provenAt === null)
    .map(({ where }) => check('time', 'failed', 'TIMESTAMP_MISSING', where));
}

function shortKeys({ certificate, chain, where }: SignatureFacts, rules: VerificationRules): Check[] {
  const lengths = [certificate, ...chain].flatMap(rsaBits);
  const shortest = Math.min(...lengths, Number.POSITIVE_INFINITY);
  return shortest < rules.minimumRsaBits ? [check('certificate', 'failed', 'KEY_TOO_SHORT', where)] : [];
}

/** The verifiers remark on short keys by themselves: said once is enough. */
function isShortKey({ code }: Check): boolean {
  return code === 'KEY_TOO_SHORT';
}

function rsaBits(certificate: CertificateFacts | null): number[] {
  return certificate?.key === 'RSA' && certificate.bits !== null ? [certificate.bits] : [];
}

function hasBoth(signatures: readonly SignatureFacts[]): boolean {
  const keys = new Set(
    signatures.filter(({ kind }) => kind !== 'time-stamp').map(({ certificate }) => certificate?.key),
  );
  return keys.has('RSA') && keys.has('SM2');
}
