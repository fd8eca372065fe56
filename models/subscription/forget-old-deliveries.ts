/** Deliveries that are done, and their attempts, are kept for a month. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
const PORTION = 1000;

/** How many. */
export async function forgetOldDeliveries(house: House): Promise<number> {
  const { deliveries, deliveryAttempts } = house.db.rows;
  const old = new Date(house.clock().getTime() - KEPT_DAYS * DAY_MS);
  let forgotten = 0;
  for (;;) {
    const where = { state: ['delivered' as const, 'failed' as const], doneAt: { [Op.lt]: old } };
    const rows = await deliveries.findAll({ where, attributes: ['id'], limit: PORTION });
    if (rows.length === 0) return forgotten;
    const ids = rows.map(({ id }) => id);
    await withTransaction(house.db, async (tx) => {
      await deliveryAttempts.destroy({ where: { deliveryId: ids }, transaction: tx });
      await deliveries.destroy({ where: { id: ids }, transaction: tx });
    });
    forgotten += ids.length;
  }
}
