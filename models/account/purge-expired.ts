/** Clear away what ended: sessions and access tokens. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

export async function purgeExpired(house: House): Promise<{ sessions: number; tokens: number }> {
  const { accessTokens, sessions } = house.db.rows;
  const now = house.clock();
  return withTransaction(house.db, async (transaction) => ({
    sessions: await sessions.destroy({ where: { expiresAt: { [Op.lt]: now } }, transaction }),
    tokens: await accessTokens.destroy({ where: { expiresAt: { [Op.lt]: now } }, transaction }),
  }));
}
