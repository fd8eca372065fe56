/** Failed sign-ins under names that no account has. They are locked like accounts, so that the answers do not tell which
 *  names exist. Kept in memory, for the newest names only; by digest, because people type passwords into the wrong box. */
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { type FailureCount, isLocked, withFailure } from './failure-count.ts';

const MOST_NAMES = 10_000;

const counts = new WeakMap<House['db'], Map<string, FailureCount>>();

/** True when the name is locked now. */
export function isUnknownNameLocked(house: Pick<House, 'db'>, name: string, now: Date): boolean {
  return isLocked(counts.get(house.db)?.get(sm3Hex(name)), now);
}

export function countUnknownName(house: Pick<House, 'db'>, name: string, now: Date): void {
  const names = counts.get(house.db) ?? new Map<string, FailureCount>();
  counts.set(house.db, names);
  const key = sm3Hex(name);
  const count = withFailure(names.get(key), now);
  // Inserted anew, so that the oldest is the first to be forgotten.
  names.delete(key);
  names.set(key, count);
  const [oldest] = names.keys();
  if (names.size > MOST_NAMES && oldest !== undefined) names.delete(oldest);
}
