/** A licence as it was: its change records say which status held when, and data maintenance kept what it took away. Pure. By the time at
 *  which a change took effect, not at which it was written down. */
import { toShanghaiDate } from '../kernel/clock.ts';
import type { ChangeColumns, LicenceColumns } from './rows.ts';
import { type LicenceStatus, statusOn } from './states.ts';

type Change = Pick<ChangeColumns, 'sequence' | 'act' | 'toStatus' | 'effectiveAt' | 'replaced'>;

/** Null before its issue. @param changes in any order */
export function statusAsOf(
  licence: Pick<LicenceColumns, 'validFrom' | 'validTo'>,
  changes: readonly Change[],
  at: Date,
): LicenceStatus | null {
  const done = changes.filter(({ effectiveAt }) => effectiveAt <= at);
  const newest = done.reduce<Change | undefined>(
    (last, one) => (last && last.sequence > one.sequence ? last : one),
    undefined,
  );
  if (!newest) return null;
  // The clock may not have written down yet what the dates on the face say.
  return statusOn({ ...licence, status: newest.toStatus as LicenceStatus }, toShanghaiDate(at));
}

export interface FactsAsOf {
  readonly fields: Readonly<Record<string, string>>;
  readonly caseNumber: string | null;
  readonly closedAt: Date | null;
  /** Of before that instant nothing was kept by one maintenance; the facts told are those after it. */
  readonly factsKnownSince: Date | null;
}

/** From what stands now, back over each later maintenance. */
export function factsAsOf(
  licence: Pick<LicenceColumns, 'fields' | 'caseNumber' | 'closedAt'>,
  changes: readonly Change[],
  at: Date,
): FactsAsOf {
  const later = changes
    .filter(({ act, effectiveAt }) => act === 'maintain' && effectiveAt > at)
    .sort((a, b) => b.sequence - a.sequence);
  let { fields, caseNumber, closedAt } = licence;
  for (const { replaced, effectiveAt } of later) {
    if (!replaced) return { fields, caseNumber, closedAt, factsKnownSince: effectiveAt };
    fields = putBack(fields, replaced.fields ?? {});
    if (replaced.caseNumber !== undefined) caseNumber = replaced.caseNumber;
    if (replaced.closedAt !== undefined) closedAt = replaced.closedAt === null ? null : new Date(replaced.closedAt);
  }
  return { fields, caseNumber, closedAt, factsKnownSince: null };
}

function putBack(
  fields: Readonly<Record<string, string>>,
  replaced: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const put = Object.entries({ ...fields, ...replaced });
  return Object.fromEntries(put.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}
