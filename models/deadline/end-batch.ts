/** An import of a batch has been gone through: the batch's clock stops when all of it has come. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { countAnew } from './count-standing.ts';
import { findPlaced } from './find-placed.ts';
import { type CaseColumns, STANDS } from './rows.ts';
import { stopAsOf } from './stop-as-of.ts';

/** With the last of as many as a notice declared; without one, as its sheets do. */
export async function endBatch(house: House, tx: Tx, caseId: string, importId: string): Promise<void> {
  const where = { id: caseId, mode: 'batch' as const, ...STANDS };
  const [row] = await readRows(house.db.rows.cases, { where, tx, lock: true, by: 'PRIMARY' });
  if (!row) return;
  const stand = (await countAnew(house, tx, [{ row: { ...row, arrived: null }, change: 0 }])).get(caseId) ?? 0;
  const batchSize = await sizeOf(house, tx, row, importId, stand);
  if (batchSize === null) return;
  const last = await findPlaced(house, tx, caseId, batchSize, stand);
  await stopAsOf(house, tx, caseId, last?.at ?? null);
}

/** Sheets declare what has come and what they bring that is refused: that much must come, and no later sheet makes it less. Null: nothing
 *  was brought yet. */
async function sizeOf(house: House, tx: Tx, row: CaseColumns, importId: string, stand: number): Promise<number | null> {
  if (row.batchSize !== null && row.source !== 'sheet') return row.batchSize;
  const size = Math.max(row.batchSize ?? 0, stand + (await countRefused(house, tx, importId)));
  if (size === 0) return null;
  if (size !== row.batchSize)
    await house.db.rows.cases.update({ batchSize: size }, { where: { id: row.id }, transaction: tx });
  return size;
}

/** A row that stands twice is wanted once, and not at all where the other is good. */
async function countRefused(house: House, tx: Tx, importId: string): Promise<number> {
  const [found] = await house.db.sequelize.query<{ readonly refused: number }>(
    `SELECT COUNT(DISTINCT fingerprint) AS refused FROM import_rows WHERE import_id = :importId AND outcome = 'refused'
       AND fingerprint NOT IN (
         SELECT fingerprint FROM import_rows WHERE import_id = :importId AND outcome <> 'refused'
       )`,
    { replacements: { importId }, type: QueryTypes.SELECT, transaction: tx },
  );
  return Number(found?.refused ?? 0);
}
