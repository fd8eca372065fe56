/** Judge a time-stamp over some bytes (RFC 3161 §2.4.2): imprint, signature, and whether its authority is trusted. */
import { createHash } from 'node:crypto';
import type { HashName } from '../cms/known-algorithms.ts';
import { SigningError } from '../error.ts';
import { type CheckCode, check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { type OpenedTimeStamp, openTimeStamp, type TimeStampReason } from './open-time-stamp.ts';

export interface TimeStampJudgement {
  readonly check: Check;
  /** The proven time; undefined when the stamp is wrong or its authority is not trusted. */
  readonly at: Date | undefined;
}

/** What a genuine stamp may be that still proves nothing; every other fault makes it invalid. */
const UNPROVEN: Readonly<Partial<Record<TimeStampReason, CheckCode>>> = {
  CERTIFICATE_NOT_BOUND: 'TIME_NOT_TRUSTED',
  IMPRINT_WEAK: 'DIGEST_WEAK',
  IMPRINT_UNKNOWN: 'ALGORITHM_UNSUPPORTED',
};

/** @param stamped the bytes, or what gives their digest when they are many or not in one piece
 * @throws MALFORMED when the token cannot be read */
export function checkTimeStamp(
  token: Uint8Array,
  stamped: Uint8Array | ((hash: HashName) => Uint8Array),
  store: TrustStore,
  where: string,
): TimeStampJudgement {
  const unproven = (outcome: 'failed' | 'not-judged', code: CheckCode): TimeStampJudgement => {
    return { check: check('time', outcome, code, where), at: undefined };
  };
  const opened = open(token);
  if (typeof opened === 'string') {
    const code = UNPROVEN[opened];
    return code === undefined ? unproven('failed', 'TIMESTAMP_INVALID') : unproven('not-judged', code);
  }
  const { info, certificate, others } = opened;
  const { hash, digest } = info.imprint;
  if (hash === undefined || Buffer.compare(digestOf(stamped, hash), digest) !== 0) {
    return unproven('failed', 'TIMESTAMP_INVALID');
  }
  const judged = judgeCertificate(certificate, store, info.at, where, others, 'time-stamp');
  // whoever issued it: a certificate that was revoked, or may not be used so, stamps nothing
  const broken = judged.checks.some(({ name, outcome }) => outcome === 'failed' && name !== 'trust');
  if (broken) return unproven('failed', 'TIMESTAMP_INVALID');
  if (judged.trusted !== true) return unproven('not-judged', 'TIME_NOT_TRUSTED');
  const time = judgeTime(info.at, store.now, where);
  return time.outcome === 'passed' ? { check: passed('time', where), at: info.at } : { check: time, at: undefined };
}

function digestOf(stamped: Uint8Array | ((hash: HashName) => Uint8Array), hash: HashName): Uint8Array {
  return typeof stamped === 'function' ? stamped(hash) : createHash(hash).update(stamped).digest();
}

/** The token opened, or why it proves nothing. */
function open(token: Uint8Array): OpenedTimeStamp | TimeStampReason {
  try {
    return openTimeStamp(token);
  } catch (error) {
    if (error instanceof SigningError && error.code === 'TIME_STAMP_UNFIT') {
      return error.details.reason as TimeStampReason;
    }
    throw error;
  }
}
