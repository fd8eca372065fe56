/** A job leaves its worker's hands: done, to be tried again, given up, or handed back. Who has lost the lease settles nothing. */
import type { Database } from '../database.ts';
import { withTransaction } from '../with-transaction.ts';
import type { Claim } from './line.ts';

/** Each is false when the lease was lost: then somebody else has the job. */
export async function finishJob(db: Database, { id, owner }: Claim): Promise<boolean> {
  const where = { id, owner, state: 'running' as const };
  return withTransaction(db, async (tx) => (await db.rows.queueJobs.destroy({ where, transaction: tx })) > 0);
}

/** @param runAt when it may be tried again */
export function retryJob(db: Database, claim: Claim, attempts: number, runAt: Date, lastError: string) {
  return settle(db, claim, { state: 'waiting', attempts, runAt, lastError });
}

export function failJob(db: Database, claim: Claim, attempts: number, endedAt: Date, lastError: string) {
  return settle(db, claim, { state: 'failed', attempts, endedAt, lastError });
}

/** As if it had not been taken. */
export function handBackJob(db: Database, claim: Claim) {
  return settle(db, claim, { state: 'waiting' });
}

async function settle(db: Database, { id, owner }: Claim, values: object): Promise<boolean> {
  const where = { id, owner, state: 'running' as const };
  return withTransaction(db, async (tx) => {
    const free = { ...values, lockedUntil: null, owner: null };
    const [settled] = await db.rows.queueJobs.update(free, { where, transaction: tx });
    return settled > 0;
  });
}
