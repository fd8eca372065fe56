/** An import of a batch has been gone through: the batch's clock stops when all of it has come. */
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { findArrivals } from './arrivals.ts';
import { meetDeadlines } from './open-deadline.ts';
import { STANDS } from './rows.ts';

/** Where a size was declared, with the last of as many; otherwise when the import refused nothing, and something has come.
 *  @param refused rows of the import */
export async function endBatch(house: House, tx: Tx, caseId: string, refused: number): Promise<void> {
  const where = { id: caseId, mode: 'batch' as const, ...STANDS };
  const [row] = await readRows(house.db.rows.cases, { where, tx, lock: true, by: 'PRIMARY' });
  if (!row) return;
  const { licenceId = null, last = null } = (await findArrivals(house, tx, [caseId])).get(caseId) ?? {};
  if (row.batchSize !== null && last) await meetDeadlines(house, tx, [caseId], last.at);
  if (row.batchSize === null && refused === 0 && licenceId !== null)
    await meetDeadlines(house, tx, [caseId], house.clock());
}
