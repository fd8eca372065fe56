/** A version that has not begun has a new version: whose place it was to take, that one takes now. So of one licence there is never more
 *  than one version that waits, and when it ends before its first day, the one in place stays. */
import type { Caller, House } from '../house.ts';
import { startOfShanghaiDate } from '../kernel/clock.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { Version } from './conclude-successions.ts';
import { numberKeyOf } from './number-licence.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';

export interface Handed {
  readonly version: Version;
  /** Has not begun. */
  readonly former: LicenceColumns;
  /** Whose place that was to take. */
  readonly first: LicenceColumns;
  /** What was planned for it for that day. */
  readonly plan: PlannedMoveColumns | undefined;
}

/** @returns what is planned instead, for the first day of the new versions */
export async function handOn(
  house: House,
  tx: Tx,
  caller: Caller,
  handed: readonly Handed[],
): Promise<PlannedMoveColumns[]> {
  const { licences, plannedMoves } = house.db.rows;
  const now = house.clock();
  const left = handed.map(({ former: { id } }) => ({ id, predecessorId: null }));
  await updateRows(house.db, tx, licences, 'id', left);
  const taken = handed.map(({ version: { id }, first }) => ({ id, predecessorId: first.id }));
  await updateRows(house.db, tx, licences, 'id', taken);
  await giveNumbersBack(house, tx, handed);
  const withdrawn = handed.flatMap(({ plan, former, version }) => {
    const why = `新版本 ${former.identifier ?? ''} 生效前已由 ${version.identifier ?? ''} 取代`;
    return plan ? [{ id: plan.id, state: 'withdrawn' as const, why, endedBy: caller.id, endedAt: now }] : [];
  });
  await updateRows(house.db, tx, plannedMoves, 'id', withdrawn);
  return handed.flatMap(({ plan, version: { status, validFrom } }) => {
    if (!plan || status !== 'not-yet-effective' || validFrom === null) return [];
    const effectiveAt = startOfShanghaiDate(validFrom);
    return [{ ...plan, id: house.newId(), effectiveAt, createdBy: caller.id, createdAt: now }];
  });
}

/** Where the new version has a number of its own, the one of before is again the first's. */
async function giveNumbersBack(house: House, tx: Tx, handed: readonly Handed[]): Promise<void> {
  const back = handed.flatMap(({ version, former, first }) => {
    const numberKey = numberKeyOf(first.catalogueCode, first.licenceNumber);
    return version.numberKey !== null && former.numberKey === numberKey
      ? [{ former: former.id, first: first.id, numberKey }]
      : [];
  });
  const { licences } = house.db.rows;
  const free = back.map(({ former: id }) => ({ id, numberKey: null }));
  await updateRows(house.db, tx, licences, 'id', free);
  const kept = back.map(({ first: id, numberKey }) => ({ id, numberKey }));
  await updateRows(house.db, tx, licences, 'id', kept);
}
