/** What failed for good is kept a while for those who look after it. */
import { Op } from 'sequelize';
import type { Database } from '../database.ts';
import { withTransaction } from '../with-transaction.ts';

export const FAILED_KEPT_MS = 30 * 86_400_000;

/** How many were forgotten. */
export async function forgetFailedJobs(db: Database, now: Date): Promise<number> {
  const endedAt = { [Op.lt]: new Date(now.getTime() - FAILED_KEPT_MS) };
  const where = { state: 'failed' as const, endedAt };
  return withTransaction(db, (tx) => db.rows.queueJobs.destroy({ where, transaction: tx }));
}
