/** Keep comparisons with the licence they were made for, and log those that say something new. */
import { Op } from 'sequelize';
import { type AuditFacts, appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { putRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { HolderComparison } from './compare-holders.ts';
import type { ComparisonOutcome, RegistryComparisonColumns } from './rows.ts';

export interface LicenceComparisons {
  readonly licenceId: string;
  /** In the order of the holders. */
  readonly comparisons: readonly HolderComparison[];
}

/** Within the transaction of an act, which logs them by itself (`describeComparisons`). */
export async function putComparisons(house: House, tx: Tx, made: readonly LicenceComparisons[]): Promise<void> {
  await putRows(house.db, tx, house.db.rows.registryComparisons, 'id', made.flatMap(toRows));
}

/** One that only is fresher is not logged again, and silence that goes on is not written again: what a licence holds does not
 *  change, only what its registry says. */
export async function keepComparisons(house: House, caller: Caller, made: LicenceComparisons): Promise<void> {
  const rows = toRows(made);
  const kept = await findComparisons(house, [made.licenceId]);
  const known = new Map(kept.map((row) => [row.id, row]));
  const isNew = ({ id, outcome, fields }: RegistryComparisonColumns) => {
    const before = known.get(id);
    return before?.outcome !== outcome || before.fields.join() !== fields.join();
  };
  const isFresher = ({ id, outcome, comparedAt }: RegistryComparisonColumns) =>
    outcome !== 'unavailable' && known.get(id)?.comparedAt.getTime() !== comparedAt.getTime();
  const changed = rows.filter((row) => isNew(row) || isFresher(row));
  if (changed.length === 0) return;
  await withTransaction(house.db, async (tx) => {
    await putRows(house.db, tx, house.db.rows.registryComparisons, 'id', changed);
    if (rows.some(isNew)) await appendAudit(house, tx, caller, describeComparisons(made.comparisons, made.licenceId));
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

/** For the log. @param licenceId left out: no licence came of it */
export function describeComparisons(comparisons: readonly HolderComparison[], licenceId?: string): AuditFacts {
  const has = (...outcomes: readonly ComparisonOutcome[]) =>
    comparisons.some(({ outcome }) => outcomes.includes(outcome));
  return {
    act: 'licence.compare',
    outcome: has('mismatch', 'unknown') ? 'refused' : has('unavailable') ? 'failed' : 'done',
    ...(licenceId === undefined ? {} : { licenceId }),
    holderIndexes: comparisons.map(({ numberIndex }) => numberIndex),
    details: { holders: comparisons.map(({ registry, outcome, fields }) => ({ registry, outcome, fields })) },
  };
}

function toRows({ licenceId, comparisons }: LicenceComparisons): RegistryComparisonColumns[] {
  return comparisons.map((one, position) => ({ id: `${licenceId}/${position}`, licenceId, position, ...one }));
}
