/** The time-stamp of a seal (GM/T 0031-2025, [0]): over the value of its maker's signature. It proves when the seal was there,
 *  so nothing can have been sealed with it before. */
import { SigningError } from '../error.ts';
import { checkTimeStamp, type TimeStampJudgement } from '../tsp/check-time-stamp.ts';
import { check } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import type { ParsedSeal } from './parsed-seal.ts';

/** Undefined when the seal carries none. */
export function judgeSealTime(seal: ParsedSeal, store: TrustStore, where: string): TimeStampJudgement | undefined {
  if (!seal.timeStamp) return undefined;
  const { token, over } = seal.timeStamp;
  try {
    return checkTimeStamp(token, over, store, where);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return { check: check('time', 'failed', 'TIMESTAMP_INVALID', where), at: undefined };
  }
}

/** Whether a moment lies before the seal was there, clocks allowed for. */
export function isBefore(at: Date, made: TimeStampJudgement | undefined): boolean {
  return made?.at !== undefined && judgeTime(made.at, at, '').outcome === 'failed';
}
