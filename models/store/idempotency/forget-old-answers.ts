/** Forget answers to idempotency keys that nobody will repeat any more. */
import { Op } from 'sequelize';
import type { House } from '../../house.ts';
import { withTransaction } from '../with-transaction.ts';

const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

/** How many. */
export async function forgetOldAnswers(house: House): Promise<number> {
  const old = new Date(house.clock().getTime() - KEPT_DAYS * DAY_MS);
  return withTransaction(house.db, (transaction) =>
    house.db.rows.idempotencyKeys.destroy({ where: { createdAt: { [Op.lt]: old } }, transaction }),
  );
}
