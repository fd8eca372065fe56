/** Many workers see the same due time come; one takes it, and what it calls for is kept in the same transaction. */
import { Op } from 'sequelize';
import type { NewId } from '../../kernel/ids.ts';
import type { Database } from '../database.ts';
import { isDuplicate, withTransaction } from '../with-transaction.ts';
import { addJobWithin, type NewJob } from './add-job.ts';

/** True when this call took the due time. The job is left out when the one before it waits or runs still. */
export async function takeTick(db: Database, newId: NewId, dueAt: Date, job: NewJob): Promise<boolean> {
  const { queueTicks } = db.rows;
  const name = job.topic;
  try {
    return await withTransaction(db, async (tx) => {
      const known = await queueTicks.findByPk(name, { transaction: tx, lock: true });
      if (known && known.dueAt >= dueAt) return false;
      if (known) await queueTicks.update({ dueAt }, { where: { name, dueAt: { [Op.lt]: dueAt } }, transaction: tx });
      else await queueTicks.create({ name, dueAt }, { transaction: tx });
      await addJobWithin(db, tx, newId, job);
      return true;
    });
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
