/** The year's inspection passes on to the new version of a licence, so that nothing issued within a window escapes it. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { addDays, toShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { InspectionColumns, InspectionState } from './rows.ts';

/** Which version takes whose place. */
interface Carried {
  readonly formerId: string;
  readonly version: Pick<LicenceColumns, 'id' | 'identifier'>;
}

const RUNNING: readonly InspectionState[] = ['due', 'submitted'];

/** In the transaction of the succession. What is running goes on with the new version, and lapses with the former; what the newest one
 *  came to counts for the new version as well, and stays on record of the former. */
export async function carryInspections(house: House, tx: Tx, carried: readonly Carried[]): Promise<void> {
  const { inspections } = house.db.rows;
  const rows = await readRows(inspections, {
    where: { licenceId: { [Op.in]: carried.map(({ formerId }) => formerId) } },
    order: [['id', 'ASC']],
    ...{ tx, lock: true, by: 'inspections_licence' },
  });
  if (rows.length === 0) return;
  const [now, today] = [house.clock(), toShanghaiDate(house.clock())];
  const byFormer = groupBy(rows, ({ licenceId }) => licenceId);
  const moved = carried.flatMap(({ formerId, version }) => {
    const own = byFormer.get(formerId) ?? [];
    const newest = Math.max(...own.map(({ year }) => year));
    const going = own.filter(({ state, year }) => RUNNING.includes(state) || year === newest);
    return going.flatMap((row) => {
      const copy = composeCarried(row, version.id, today, now);
      return copy ? [{ row, copy, version }] : [];
    });
  });
  // One version may take the place of two, one of which had not begun: that in force comes last, and its year is the one that counts.
  const copies = new Map(moved.map(({ copy }) => [copy.id, copy]));
  await insertMissing(house.db, tx, inspections, 'id', [...copies.values()]);
  const lapsed = moved.filter(({ row: { state } }) => RUNNING.includes(state));
  const left = lapsed.map(({ row: { id }, version: { identifier } }) => ({
    ...{ id, state: 'lapsed' as const, nextOn: null, settledAt: now },
    reason: `转入新版本 ${identifier ?? ''} (carried over to the new version)`,
  }));
  await updateRows(house.db, tx, inspections, 'id', left);
}

/** One that lapsed because the licence had expired is due again when it is renewed before the window closes. */
function composeCarried(
  row: InspectionColumns,
  licenceId: string,
  today: string,
  now: Date,
): InspectionColumns | undefined {
  const common = { ...row, id: `${licenceId}:${row.year}`, licenceId, createdAt: now };
  // The new version is not suspended: passing it late has nothing to resume.
  if (row.state !== 'lapsed') return { ...common, suspended: false };
  if (today > row.closesOn) return undefined;
  const none = { reason: null, settledBy: null, settledAt: null };
  return { ...common, ...none, state: 'due', nextOn: addDays(row.closesOn, 1) };
}
