/** When a delivery that failed is tried again, and when its receiver is given up. Written in docs/webhooks.md, too. */
import type { RandomBytes } from '../kernel/ids.ts';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** Seconds after the first, second, … failed attempt; after the last entry's attempt the delivery has failed for good. */
export const RETRY_TABLE: readonly number[] = [
  5,
  5 * MINUTE_S,
  30 * MINUTE_S,
  2 * HOUR_S,
  5 * HOUR_S,
  10 * HOUR_S,
  14 * HOUR_S,
  20 * HOUR_S,
  24 * HOUR_S,
];

/** So many failures in a row, and the receiver is taken to be down: it rests, and is tried with one delivery at a time. */
export const FAILURES_BEFORE_REST = 5;
export const REST_SECONDS = 60;
/** A receiver that has taken nothing for so long is disabled. */
export const DISABLED_AFTER_DAYS = 5;

/** Undefined when there is no further attempt. Up to a tenth later than the table says, so that many do not return at once.
 *  @param failed attempts that have failed so far, this one included */
export function retryAt(now: Date, failed: number, random: RandomBytes): Date | undefined {
  const seconds = RETRY_TABLE[failed - 1];
  if (seconds === undefined) return undefined;
  return new Date(now.getTime() + Math.round(seconds * 1000 * (1 + (random(1)[0] ?? 0) / 2560)));
}
