/** The one way to write: everything in the act is kept together or not at all. On SQLite writers wait for each other
 *  here, because a second transaction in the same process would only burn time being busy; on a server bulk may hold
 *  only some of the connections. The counter goes before bulk. A nested call throws. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Transaction } from 'sequelize';
import type { Database } from './database.ts';

export type Tx = Transaction;

const inside = new AsyncLocalStorage<Database>();

/** Run `act` in a transaction. Callers pass `tx` on to every statement; nothing outside the database may happen here
 *  (side effects leave by the outbox). Deadlocks of a server database are tried again, so `act` may run twice. */
export async function withTransaction<T>(db: Database, act: (tx: Tx) => Promise<T>): Promise<T> {
  if (inside.getStore() === db) throw new Error('withTransaction must not be nested: pass tx on instead');
  const run = () => inside.run(db, () => db.sequelize.transaction(act));
  return db.gate.run(db.dialect === 'mysql' ? () => retryDeadlock(run) : run);
}

const DEADLOCK_TRIES = 10;
/** Longer each time, so that those who met do not meet again. */
const DEADLOCK_PAUSE_MS = 5;

async function retryDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === DEADLOCK_TRIES || !isDeadlock(error)) throw error;
      await wait(attempt * DEADLOCK_PAUSE_MS);
    }
  }
}

function isDeadlock(error: unknown): boolean {
  const parent = (error as { parent?: { code?: string } } | null)?.parent;
  return parent?.code === 'ER_LOCK_DEADLOCK' || parent?.code === 'ER_CHECKREAD';
}

/** Did the database refuse a duplicate of a unique key? */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && error.name === 'SequelizeUniqueConstraintError';
}
