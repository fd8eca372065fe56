/** Judge a time-stamp over some bytes (RFC 3161 §2.4.2): imprint, signature, and whether its authority is trusted. */
import { createHash } from 'node:crypto';
import type { HashName } from '../cms/known-algorithms.ts';
import { SigningError } from '../error.ts';
import { check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { type OpenedTimeStamp, openTimeStamp } from './open-time-stamp.ts';

export interface TimeStampJudgement {
  readonly check: Check;
  /** The proven time; undefined when the stamp is wrong or its authority is not trusted. */
  readonly at: Date | undefined;
}

/** @param stamped the bytes, or what gives their digest when they are many or not in one piece
 * @throws MALFORMED when the token cannot be read */
export function checkTimeStamp(
  token: Uint8Array,
  stamped: Uint8Array | ((hash: HashName) => Uint8Array),
  store: TrustStore,
  where: string,
): TimeStampJudgement {
  const invalid: TimeStampJudgement = { check: check('time', 'failed', 'TIMESTAMP_INVALID', where), at: undefined };
  const opened = open(token);
  if (opened === undefined) return invalid;
  const { info, certificate, others } = opened;
  const digestOf =
    typeof stamped === 'function' ? stamped : (hash: HashName): Uint8Array => createHash(hash).update(stamped).digest();
  const { hash, digest } = info.imprint;
  if (hash === undefined || Buffer.compare(digestOf(hash), digest) !== 0) return invalid;
  const judged = judgeCertificate(certificate, store, info.at, where, others);
  // whoever issued it: a certificate that was revoked, or may not be used so, stamps nothing
  const broken = judged.checks.some(({ name, outcome }) => outcome === 'failed' && name !== 'trust');
  if (broken) return invalid;
  if (judged.trusted !== true) return { check: check('time', 'not-judged', 'TIME_NOT_TRUSTED', where), at: undefined };
  const time = judgeTime(info.at, store.now, where);
  return time.outcome === 'passed' ? { check: passed('time', where), at: info.at } : { check: time, at: undefined };
}

function open(token: Uint8Array): OpenedTimeStamp | undefined {
  try {
    return openTimeStamp(token);
  } catch (error) {
    if (error instanceof SigningError && error.code === 'TIME_STAMP_UNFIT') return undefined;
    throw error;
  }
}
