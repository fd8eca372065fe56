/** Forget links to the fill page of a month ago. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

const KEPT_MS = 30 * 86_400_000;
const PORTION = 500;
const MOST_PORTIONS = 200;

/** How many. */
export async function purgeLinks(house: House): Promise<number> {
  const createdAt = { [Op.lt]: new Date(house.clock().getTime() - KEPT_MS) };
  const { fillLinks } = house.db.rows;
  let purged = 0;
  for (let portion = 0; portion < MOST_PORTIONS; portion += 1) {
    const rows = await fillLinks.findAll({ where: { createdAt }, attributes: ['id'], limit: PORTION });
    if (rows.length === 0) break;
    const ids = rows.map(({ id }) => id);
    purged += await withTransaction(house.db, (transaction) =>
      fillLinks.destroy({ where: { id: { [Op.in]: ids } }, transaction }),
    );
  }
  return purged;
}
