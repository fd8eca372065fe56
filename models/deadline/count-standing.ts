/** How many of declared batches stand: counted in full once, then kept with the case by those who hold it, so that an arrival or a return
 *  in a batch of a hundred thousand does not read them all. */
import { Op, QueryTypes, type WhereOptions } from 'sequelize';
import type { House } from '../house.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { ARRIVED } from './arrivals.ts';
import type { CaseColumns } from './rows.ts';

/** By the ids of cases; one that nothing has arrived for is not in it. */
export async function countInFull(house: House, caseIds: readonly string[], tx?: Tx): Promise<Map<string, number>> {
  if (caseIds.length === 0) return new Map();
  const rows = await house.db.sequelize.query<{ readonly id: string; readonly arrived: number }>(
    `SELECT case_id AS id, COUNT(*) AS arrived FROM (${ARRIVED}) AS arrived GROUP BY case_id`,
    { replacements: { caseIds: [...caseIds] }, type: QueryTypes.SELECT, ...(tx ? { transaction: tx } : {}) },
  );
  return new Map(rows.map(({ id, arrived }) => [id, Number(arrived)]));
}

/** @param changes declared batches, held as they were before, and how many have come (below zero: gone), whose rows say so already
 *  @returns how many stand, by case */
export async function countAnew(
  house: House,
  tx: Tx,
  changes: readonly { readonly row: CaseColumns; readonly change: number }[],
): Promise<ReadonlyMap<string, number>> {
  const unknown = changes.flatMap(({ row }) => (row.arrived === null ? [row.id] : []));
  const counted = await countInFull(house, unknown, tx);
  const counts = changes.map(({ row, change }) => ({
    id: row.id,
    arrived: row.arrived === null ? (counted.get(row.id) ?? 0) : row.arrived + change,
  }));
  await updateRows(house.db, tx, house.db.rows.cases, 'id', counts);
  return new Map(counts.map(({ id, arrived }) => [id, arrived]));
}

/** Something came or changed hands in another way than by its case number: they are counted in full when they are asked for next. */
export async function forgetCounts(house: House, tx: Tx, where: WhereOptions<CaseColumns>): Promise<void> {
  const counted = { [Op.and]: [where, { arrived: { [Op.ne]: null } }] };
  await house.db.rows.cases.update({ arrived: null }, { where: counted, transaction: tx });
}
