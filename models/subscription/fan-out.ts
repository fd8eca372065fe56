/** Turn what is new in the feed into deliveries of one subscription, and move its position with them: each change once. Only so
 *  far ahead of what has been tried, so that a receiver that is down does not fill the table. */
import type { House } from '../house.ts';
import { knowledgeOf } from '../publication/knowledge.ts';
import { readFeed } from '../publication/read-feed.ts';
import { insertRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { newDelivery } from './new-delivery.ts';

const PORTION = 500;
const MOST_UNTRIED = 1000;

/** What the body may know of is judged now, not when it subscribed. Gives how many deliveries were added. */
export async function fanOut(house: House, subscriptionId: string): Promise<number> {
  const { subscriptions, deliveries } = house.db.rows;
  let added = 0;
  for (;;) {
    const where = { subscriptionId, state: 'waiting' as const, lastOutcome: null };
    if ((await deliveries.count({ where })) >= MOST_UNTRIED) return added;
    const page = await withTransaction(house.db, async (tx) => {
      const row = await subscriptions.findByPk(subscriptionId, { transaction: tx, lock: true });
      if (row?.state !== 'active') return undefined;
      const knowledge = await knowledgeOf(house, row.organisationCode, tx);
      const found = await readFeed(house, knowledge, row, { after: row.position, limit: PORTION, tx });
      if (found.position === row.position) return undefined;
      const rows = found.entries.map((entry) => newDelivery(house, subscriptionId, { kind: 'change', entry }));
      await insertRows(house.db, tx, deliveries, rows);
      await row.update({ position: found.position }, { transaction: tx });
      return found;
    });
    if (!page) return added;
    added += page.entries.length;
  }
}
