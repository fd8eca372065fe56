/** Two lanes for whatever must be waited for: what somebody waits for at a counter, and what comes in masses. An act that
 *  works through many says so once, and everything it does keeps to the bulk lane, however deep. */
import { AsyncLocalStorage } from 'node:async_hooks';

export type Lane = 'counter' | 'bulk';

/** The order in which they are served. */
export const LANES: readonly Lane[] = ['counter', 'bulk'];

const lanes = new AsyncLocalStorage<Lane>();

/** Run `act`, and all that it calls and awaits, in a lane. */
export function inLane<T>(lane: Lane, act: () => T): T {
  return lanes.run(lane, act);
}

/** Who says nothing is at the counter. */
export function currentLane(): Lane {
  return lanes.getStore() ?? 'counter';
}
