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
/** What a receiver puts off waits at least a minute, then a quarter of its age, and never more than an hour: one for which it always
 *  asks for time takes nobody else's turn. */
const PUT_OFF_SECONDS = { least: MINUTE_S, most: HOUR_S, ofAge: 1 / 4 };
/** A receiver that has taken nothing for so long is disabled. */
export const DISABLED_AFTER_DAYS = 5;

export interface Failed {
  readonly createdAt: Date;
  /** Attempts that counted before this one. */
  readonly attempts: number;
  /** The receiver only asked for time. */
  readonly isPutOff: boolean;
}

export interface Retry {
  /** That count by now. */
  readonly attempts: number;
  /** Undefined when there is no further attempt. */
  readonly runAt: Date | undefined;
}

/** What follows from an attempt that failed. One that came sooner than the table has it (its receiver was back, somebody asked for
 *  it), or that its receiver put off, does not count: by however many of them nothing is given up before the table is through.
 *  What is older than the whole table is put off no more; it keeps to the table. Up to a tenth later than it says, so that many do
 *  not return at once. */
export function judgeFailure(now: Date, { createdAt, attempts, isPutOff }: Failed, random: RandomBytes): Retry {
  const age = (now.getTime() - createdAt.getTime()) / 1000;
  const after = (from: Date, seconds: number) =>
    new Date(from.getTime() + Math.round(seconds * 1000 * (1 + (random(1)[0] ?? 0) / 2560)));
  if (isPutOff && age < spanOf(RETRY_TABLE.length)) {
    const { least, most, ofAge } = PUT_OFF_SECONDS;
    return { attempts, runAt: after(now, Math.min(Math.max(least, age * ofAge), most)) };
  }
  if (age < spanOf(attempts)) return { attempts, runAt: after(createdAt, spanOf(attempts)) };
  const seconds = RETRY_TABLE[attempts];
  return { attempts: attempts + 1, runAt: seconds === undefined ? undefined : after(now, seconds) };
}

/** Seconds from the first attempt to the one after so many failures, at the soonest. */
function spanOf(attempts: number): number {
  return RETRY_TABLE.slice(0, attempts).reduce((sum, seconds) => sum + seconds, 0);
}
