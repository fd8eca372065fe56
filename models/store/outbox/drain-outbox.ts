/** Hand waiting messages to their handler, in order within a subject, the counter's before bulk, at least once. A failing message waits longer each
 *  time and holds back only its own subject. */
import { literal, Op, type Order } from 'sequelize';
import type { House } from '../../house.ts';
import { isDeadOwner, processOwner } from '../../kernel/process-owner.ts';
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
  await freeDeadLeases(house, topic);
  for (;;) {
    const items = await claim(house, topic, batchSize);
    if (items.length === 0) return result;
    const outcomes = await handle(items).catch((error: Error) => items.map(() => error));
    await settle(house, items, outcomes, result);
  }
}

/** What a process that ended was working on waits for nobody. */
async function freeDeadLeases(house: House, topic: string): Promise<void> {
  const { outbox } = house.db.rows;
  const where = { topic, state: 'waiting' as const, lockedUntil: { [Op.gt]: house.clock() } };
  const held = await outbox.findAll({ where, attributes: ['owner'], group: ['owner'] });
  const dead = held.flatMap(({ owner }) => (owner && isDeadOwner(owner) ? [owner] : []));
  if (dead.length === 0) return;
  await withTransaction(house.db, (tx) =>
    outbox.update({ lockedUntil: null, owner: null }, { where: { ...where, owner: dead }, transaction: tx }),
  );
}

/** The oldest waiting message of each subject, however many lie behind it. */
const FIRST_OF_ITS_SUBJECT = literal(
  `NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.subject = outbox.subject
     AND earlier.topic = outbox.topic AND earlier.state = 'waiting' AND earlier.id < outbox.id)`,
);

/** The counter's before those of bulk, and as they were put here. */
const LANE_BY_LANE: Order = [
  ['lane', 'ASC'],
  ['id', 'ASC'],
];

async function claim(house: House, topic: string, batchSize: number): Promise<OutboxColumns[]> {
  const { outbox } = house.db.rows;
  const now = house.clock();
  const free = { [Op.or]: [{ lockedUntil: null }, { lockedUntil: { [Op.lte]: now } }] };
  const claimable = { topic, state: 'waiting' as const, runAt: { [Op.lte]: now }, ...free };
  return withTransaction(house.db, async (tx) => {
    const found = await outbox.findAll({
      where: { [Op.and]: [claimable, FIRST_OF_ITS_SUBJECT] },
      order: LANE_BY_LANE,
      limit: batchSize,
      attributes: ['id'],
      transaction: tx,
    });
    // First of its subject a message stays until it is settled; only whether it is still free is asked again, locked.
    const due = await outbox.findAll({
      where: { ...claimable, id: { [Op.in]: found.map((row) => row.id) } },
      order: LANE_BY_LANE,
      transaction: tx,
      lock: true,
      skipLocked: house.db.dialect === 'mysql',
    });
    await outbox.update(
      { lockedUntil: new Date(now.getTime() + LEASE_MS), owner: processOwner() },
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
