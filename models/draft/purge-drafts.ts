/** Throw away drafts that nobody has saved for 30 days, in portions. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { DRAFT_DAYS } from './view-draft.ts';

const PORTION = 500;
const MOST_PORTIONS = 200;
const DAY_MS = 86_400_000;

/** How many. */
export async function purgeDrafts(house: House): Promise<number> {
  const updatedAt = { [Op.lt]: new Date(house.clock().getTime() - DRAFT_DAYS * DAY_MS) };
  const { drafts } = house.db.rows;
  let purged = 0;
  for (let portion = 0; portion < MOST_PORTIONS; portion += 1) {
    const rows = await drafts.findAll({ where: { updatedAt }, attributes: ['id'], limit: PORTION });
    if (rows.length === 0) break;
    const ids = rows.map(({ id }) => id);
    // One that was saved again meanwhile stays.
    purged += await withTransaction(house.db, (transaction) =>
      drafts.destroy({ where: { id: { [Op.in]: ids }, updatedAt }, transaction }),
    );
  }
  return purged;
}
