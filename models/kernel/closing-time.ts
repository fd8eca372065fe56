/** When a case may have been closed (办结, R-32): not after now, and not in a time of which this state has no cases, as clocks and tables
 *  write it that were never set (0001-01-01). */
import type { FaultCode } from './fault-codes.ts';

/** Left to clocks that differ. */
const CLOCK_SKEW_MS = 5 * 60_000;
const FIRST_MS = Date.parse('1949-10-01T00:00:00+08:00');

/** What is wrong with it: `CLOSED_IN_FUTURE`, `DATE_IMPOSSIBLE`; undefined: nothing. */
export function judgeClosingTime(closedAt: string, now: Date): FaultCode | undefined {
  const time = Date.parse(closedAt);
  if (time > now.getTime() + CLOCK_SKEW_MS) return 'CLOSED_IN_FUTURE';
  return time >= FIRST_MS ? undefined : 'DATE_IMPOSSIBLE';
}
