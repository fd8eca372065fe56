/** Put a job into its line, unless one of its key waits or runs there. */
import type { NewId } from '../../kernel/ids.ts';
import type { Database } from '../database.ts';
import { isDuplicate, type Tx, withTransaction } from '../with-transaction.ts';
import type { Line } from './line.ts';

export interface NewJob extends Line {
  readonly key: string;
  readonly data: unknown;
  readonly runAt: Date;
  /** Runs that may fail before it is given up. */
  readonly attempts: number;
}

/** False when one of its key waits or runs; one that failed for good is replaced. */
export async function addJob(db: Database, newId: NewId, job: NewJob): Promise<boolean> {
  return withTransaction(db, (tx) => addJobWithin(db, tx, newId, job));
}

export async function addJobWithin(db: Database, tx: Tx, newId: NewId, job: NewJob): Promise<boolean> {
  const { topic, lane, key: jobKey, data, runAt, attempts: mostAttempts } = job;
  const fresh = {
    ...{ data, state: 'waiting' as const, attempts: 0, mostAttempts, takeovers: 0, dueAt: runAt, runAt },
    ...{ lockedUntil: null, owner: null, lastError: null, endedAt: null },
  };
  const { queueJobs } = db.rows;
  const there = await queueJobs.findOne({ where: { topic, lane, jobKey }, attributes: ['state'], transaction: tx });
  if (there && there.state !== 'failed') return false;
  if (there) {
    const where = { topic, lane, jobKey, state: 'failed' as const };
    const [replaced] = await queueJobs.update(fresh, { where, transaction: tx });
    return replaced > 0;
  }
  try {
    await queueJobs.create({ id: newId(), topic, lane, jobKey, ...fresh }, { transaction: tx });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
