/** Note what the province has confirmed, in the transaction that records it: rows are only added, so nobody waits for anybody, and
 *  folded into the tree later (`tree-fold.ts`). */
import type { House } from '../house.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { TreeMarkColumns } from './tree-rows.ts';

/** `sequence` and `digest` null: it is held there no more. */
export type TreeMark = Omit<TreeMarkColumns, 'id'>;

export async function markInTree(house: House, tx: Tx, marks: readonly TreeMark[]): Promise<void> {
  const rows = marks.map(({ subject, subjectType, subjectId, sequence, digest }) => ({
    ...{ subject, subjectType, subjectId, sequence, digest },
  }));
  await insertRows(house.db, tx, house.db.rows.treeMarks, rows);
}
