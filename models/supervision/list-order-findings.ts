/** The findings of an order in full: as its document and the record of a referral tell them. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { FINDING_KINDS } from './finding-words.ts';
import { type FindingView, viewFinding } from './view-finding.ts';

export interface ListedFinding extends Omit<FindingView, 'orderId'> {
  readonly kindWords: string;
  /** It never was a breach, by what came later. */
  readonly withdrawn: boolean;
}

export async function listOrderFindings(house: House, ids: readonly string[], tx?: Tx): Promise<ListedFinding[]> {
  const where = { id: { [Op.in]: [...ids] } };
  const rows = await readRows(house.db.rows.findings, { where, order: [['id', 'ASC']], tx });
  return rows.map((row) => {
    const { orderId: _, ...view } = viewFinding(house, row);
    return { ...view, kindWords: FINDING_KINDS[row.kind].zh, withdrawn: row.endedBy === 'withdrawn' };
  });
}
