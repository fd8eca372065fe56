/** Hand waiting messages to their handler, in order within a subject, at least once. A failing message waits longer each
 *  time and holds back only its own subject. */
import { Op } from 'sequelize';
import type { House } from '../../house.ts';
import { withTransaction } from '../with-transaction.ts';
import type { OutboxColumns } from './rows.ts';

export interface OutboxItem {
  readonly id: string;
  readonly subject: string;
  readonly payload: unknown;
}

/** Thrown by a handler when trying again cannot help. */
export class Unrecoverable extends Error {
  override readonly name = 'Unrecoverable';
}

export interface DrainResult {
  done: number;
  delayed: number;
  failed: number;
}

const LEASE_MS = 60_000;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 15 * 60_000;

/** Work off what is due of a topic. `handle` gets a batch whose subjects are all different, and answers for each item:
 *  undefined for done, an error otherwise. */
export async function drainOutbox(
  house: House,
  topic: string,
  handle: (items: readonly OutboxItem[]) => Promise<readonly (Error | undefined)[]>,
  batchSize = 100,
): Promise<DrainResult> {
  const result: DrainResult = { done: 0, delayed: 0, failed: 0 };
  for (;;) {
    const items = await claim(house, topic, batchSize);
    if (items.length === 0) return result;
    const outcomes = await handle(items).catch((error: Error) => items.map(() => error));
    await settle(house, items, outcomes, result);
  }
}

async function claim(house: House, topic: string, batchSize: number): Promise<OutboxColumns[]> {
  const { outbox } = house.db.rows;
  const now = house.clock();
  return withTransaction(house.db, async (tx) => {
    const waiting = await outbox.findAll({
      where: { topic, state: 'waiting' },
      order: [['id', 'ASC']],
      limit: batchSize * 4,
      transaction: tx,
      lock: true,
      skipLocked: house.db.dialect === 'mysql',
    });
    const first = new Map<string, (typeof waiting)[number]>();
    for (const row of waiting) if (!first.has(row.subject)) first.set(row.subject, row);
    const due = [...first.values()]
      .filter((row) => row.runAt <= now && (row.lockedUntil === null || row.lockedUntil <= now))
      .slice(0, batchSize);
    await outbox.update(
      { lockedUntil: new Date(now.getTime() + LEASE_MS) },
      { where: { id: { [Op.in]: due.map((row) => row.id) } }, transaction: tx },
    );
    return due.map((row) => row.get());
  });
}

async function settle(
  house: House,
  items: readonly OutboxColumns[],
  outcomes: readonly (Error | undefined)[],
  result: DrainResult,
): Promise<void> {
  const { outbox } = house.db.rows;
  const now = house.clock();
  await withTransaction(house.db, async (tx) => {
    for (const [index, item] of items.entries()) {
      const error = outcomes[index];
      const where = { where: { id: item.id }, transaction: tx };
      if (!error) {
        result.done += 1;
        await outbox.update({ state: 'done', doneAt: now, lockedUntil: null }, where);
      } else if (error instanceof Unrecoverable) {
        result.failed += 1;
        await outbox.update({ state: 'failed', lastError: error.message, doneAt: now, lockedUntil: null }, where);
      } else {
        result.delayed += 1;
        const runAt = new Date(now.getTime() + backoffMs(item.attempts, house.random));
        const attempts = item.attempts + 1;
        await outbox.update({ attempts, runAt, lastError: error.message, lockedUntil: null }, where);
      }
    }
  });
}

/** Doubling, with up to a quarter of jitter so that many do not return at once. */
function backoffMs(attempts: number, random: House['random']): number {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** Math.min(attempts, 20), LONGEST_DELAY_MS);
  return Math.round(delay * (1 + (random(1)[0] ?? 0) / 1024));
}
