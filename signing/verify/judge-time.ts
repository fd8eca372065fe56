import { check, passed } from './check-words.ts';
import type { Check } from './report.ts';

/** How far a signer's clock may run ahead of the verifier's. */
const AHEAD_MS = 5 * 60_000;

/** The check `time` of a claimed signing time: it must not lie after now by more than five minutes. */
export function judgeTime(signedAt: Date, now: Date, where: string): Check {
  if (signedAt.getTime() > now.getTime() + AHEAD_MS) return check('time', 'failed', 'TIME_IN_FUTURE', where);
  return passed('time', where);
}
