/** What a rectification order says on paper: the order, and every finding in words with its article. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { FINDING_KINDS } from './finding-words.ts';
import { readOrder } from './list-orders.ts';
import type { OrderView } from './view-order.ts';

export interface OrderDocument extends OrderView {
  readonly listed: readonly {
    readonly kindWords: string;
    readonly subject: string;
    readonly article: string;
    readonly since: string;
  }[];
}

/** For the bureau and the body. Throws `NOT_FOUND`, also for another body's. */
export async function readOrderDocument(house: House, caller: Caller, id: string): Promise<OrderDocument> {
  const order = await readOrder(house, caller, id);
  const rows = await readRows(house.db.rows.findings, {
    where: { id: { [Op.in]: [...order.findings] } },
    order: [['id', 'ASC']],
  });
  const listed = rows.map(({ kind, subject, article, since }) => ({
    ...{ kindWords: FINDING_KINDS[kind].zh, subject, article, since: since.toISOString() },
  }));
  return { ...order, listed };
}
