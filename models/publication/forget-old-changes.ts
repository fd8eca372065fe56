/** The feed keeps changes for half a year; a reader that stayed away longer compares everything anew. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

const FEED_DAYS = 180;
const DAY_MS = 86_400_000;
const PORTION = 5000;

/** How many. In portions, oldest first, so that no other work waits for it. */
export async function forgetOldChanges(house: House): Promise<number> {
  const { changeFeed } = house.db.rows;
  const old = house.clock().getTime() - FEED_DAYS * DAY_MS;
  let forgotten = 0;
  for (;;) {
    const rows = await changeFeed.findAll({
      attributes: ['position', 'atMs'],
      order: [['position', 'ASC']],
      limit: PORTION,
      raw: true,
    });
    // Up to the first that is to be kept: what is left has no hole.
    const young = rows.findIndex(({ atMs }) => Number(atMs) >= old);
    const last = young === -1 ? rows.at(-1) : rows[young - 1];
    if (!last) return forgotten;
    const where = { position: { [Op.lte]: Number(last.position) } };
    forgotten += await withTransaction(house.db, (tx) => changeFeed.destroy({ where, transaction: tx }));
    if (young !== -1) return forgotten;
  }
}
