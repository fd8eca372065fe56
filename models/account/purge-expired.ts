/** Clear away what ended: sessions, access tokens, and answers to idempotency keys that nobody will repeat any more. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

const ANSWERS_KEPT_DAYS = 7;

export async function purgeExpired(house: House): Promise<{ sessions: number; tokens: number; answers: number }> {
  const { accessTokens, idempotencyKeys, sessions } = house.db.rows;
  const now = house.clock();
  const old = new Date(now.getTime() - ANSWERS_KEPT_DAYS * 86_400_000);
  return withTransaction(house.db, async (transaction) => ({
    sessions: await sessions.destroy({ where: { expiresAt: { [Op.lt]: now } }, transaction }),
    tokens: await accessTokens.destroy({ where: { expiresAt: { [Op.lt]: now } }, transaction }),
    answers: await idempotencyKeys.destroy({ where: { createdAt: { [Op.lt]: old } }, transaction }),
  }));
}
