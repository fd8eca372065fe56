/** When failed sign-ins lock a name: five in a row, for 15 minutes. One rule for accounts and for names that are none. */
import type { UserColumns } from './rows.ts';

const FAILURES_BEFORE_LOCK = 5;
const LOCK_MINUTES = 15;

export type FailureCount = Pick<UserColumns, 'failedLogins' | 'lockedUntil'>;

export function isLocked(count: FailureCount | null | undefined, now: Date): boolean {
  return Boolean(count?.lockedUntil && count.lockedUntil > now);
}

/** The count after one more failure. */
export function withFailure(count: FailureCount | undefined, now: Date): FailureCount {
  const failedLogins = (count?.failedLogins ?? 0) + 1;
  if (failedLogins < FAILURES_BEFORE_LOCK) return { failedLogins, lockedUntil: count?.lockedUntil ?? null };
  return { failedLogins: 0, lockedUntil: new Date(now.getTime() + LOCK_MINUTES * 60_000) };
}
