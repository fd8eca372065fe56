/** Keep comparisons with the licence they were made for, and log those that say something new. */
import { Op } from 'sequelize';
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { putRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { HolderComparison } from './compare-holders.ts';
import type { RegistryComparisonColumns } from './rows.ts';

export interface LicenceComparisons {
  readonly licenceId: string;
  /** In the order of the holders. */
  readonly comparisons: readonly HolderComparison[];
}

/** Within the transaction of an act, near its end: the log is written. */
export async function recordComparisons(
  house: House,
  tx: Tx,
  caller: Caller,
  made: readonly LicenceComparisons[],
): Promise<void> {
  const { registryComparisons } = house.db.rows;
  await putRows(house.db, tx, registryComparisons, 'id', made.flatMap(toRows));
  await appendAudits(house, tx, caller, made.filter(({ comparisons }) => comparisons.length > 0).map(describe));
}

/** What is known already with the same answer is not written again; one that only is fresher is not logged again. */
export async function keepComparisons(house: House, caller: Caller, made: LicenceComparisons): Promise<void> {
  const rows = toRows(made);
  const kept = await findComparisons(house, [made.licenceId]);
  const known = new Map(kept.map((row) => [row.id, row]));
  const answerOf = ({ questionIndex, outcome, fields }: RegistryComparisonColumns) =>
    `${questionIndex} ${outcome} ${fields.join()}`;
  const isNew = (row: RegistryComparisonColumns) => {
    const before = known.get(row.id);
    return before === undefined || answerOf(before) !== answerOf(row);
  };
  const isFresher = (row: RegistryComparisonColumns) =>
    known.get(row.id)?.comparedAt.getTime() !== row.comparedAt.getTime();
  const changed = rows.filter((row) => isNew(row) || isFresher(row));
  if (changed.length === 0) return;
  await withTransaction(house.db, async (tx) => {
    await putRows(house.db, tx, house.db.rows.registryComparisons, 'id', changed);
    if (rows.some(isNew)) await appendAudits(house, tx, caller, [describe(made)]);
  });
}

/** Of these licences, each in the order of its holders. */
export async function findComparisons(
  house: House,
  licenceIds: readonly string[],
  tx?: Tx,
): Promise<RegistryComparisonColumns[]> {
  return readRows(house.db.rows.registryComparisons, {
    where: { licenceId: { [Op.in]: [...licenceIds] } },
    order: [
      ['licenceId', 'ASC'],
      ['position', 'ASC'],
    ],
    tx,
  });
}

/** For the log of a comparison, also of one that no licence came of. */
export function describeComparisons(comparisons: readonly HolderComparison[]) {
  return {
    act: 'licence.compare' as const,
    outcome: comparisons.some(({ outcome }) => outcome === 'mismatch' || outcome === 'unknown')
      ? ('refused' as const)
      : comparisons.some(({ outcome }) => outcome === 'unavailable')
        ? ('failed' as const)
        : ('done' as const),
    holderIndexes: comparisons.map(({ numberIndex }) => numberIndex),
    details: { holders: comparisons.map(({ registry, outcome, fields }) => ({ registry, outcome, fields })) },
  };
}

const describe = ({ licenceId, comparisons }: LicenceComparisons) => ({
  licenceId,
  ...describeComparisons(comparisons),
});

function toRows({ licenceId, comparisons }: LicenceComparisons): RegistryComparisonColumns[] {
  return comparisons.map((one, position) => ({ id: `${licenceId}/${position}`, licenceId, position, ...one }));
}
