/** Hand waiting messages to their handler, in order within a subject, the counter's before bulk, at least once. What became of
 *  them is recorded in the transaction that takes them out. A subject that fails waits longer each time and holds back nobody. */
import { Op } from 'sequelize';
import type { House } from '../../house.ts';
import { inLane } from '../../kernel/lane.ts';
import { readRows } from '../bulk-read.ts';
import { deleteRows, updateRows } from '../bulk-write.ts';
import { type Tx, withTransaction } from '../with-transaction.ts';
import { type Claim, claimTurns, freeDeadLeases, type OutboxTurn, renewClaim } from './claim-turns.ts';
import type { OutboxColumns } from './rows.ts';

/** Thrown by a handler when trying again cannot help. */
export class Unrecoverable extends Error {
  override readonly name = 'Unrecoverable';
}

/** What a handler answers for a batch. */
export interface Handled {
  /** For each turn: undefined for done, an error otherwise. */
  readonly outcomes: readonly (Error | undefined)[];
  /** Runs in the transaction that settles. Of subjects in `lost` somebody else has taken over, and nothing may be recorded. */
  readonly remember?: (tx: Tx, lost: ReadonlySet<string>) => Promise<void>;
  /** Nobody answers at all: what failed goes back as it was, and the drain ends. */
  readonly stop?: boolean;
}

/** In messages. */
export interface DrainResult {
  done: number;
  delayed: number;
  failed: number;
}

export interface DrainOptions {
  /** Subjects in a batch. */
  readonly most?: number;
  /** Batches at once in this process. */
  readonly lines?: number;
  /** Aborted: batches under way are finished, no further one is begun. */
  readonly signal?: AbortSignal | undefined;
}

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 15 * 60_000;
/** By the machine's own time: it is the work that is slow, not the day. */
const RENEW_EVERY_MS = 20_000;
/** How often a line looks again when others were taking the same at that moment. They are done within milliseconds. */
const MOST_CONTESTED = 20;

/** Work off what is due of a topic. */
export async function drainOutbox(
  house: House,
  topic: string,
  handle: (turns: readonly OutboxTurn[]) => Promise<Handled>,
  { most = 100, lines = 1, signal }: DrainOptions = {},
): Promise<DrainResult> {
  const result: DrainResult = { done: 0, delayed: 0, failed: 0 };
  await freeDeadLeases(house, topic);
  let stopped = false;
  const line = async () => {
    let contested = 0;
    while (!stopped && !signal?.aborted) {
      const claim = await claimTurns(house, topic, most);
      if (claim.turns.length === 0) {
        contested += 1;
        if (!claim.contested || contested === MOST_CONTESTED) return;
        continue;
      }
      contested = 0;
      const handled = await workOn(house, claim, handle);
      await settle(house, topic, claim, handled, result);
      if (handled.stop) stopped = true;
    }
  };
  // Whatever it writes keeps to the lane of bulk: nobody waits for it at a counter.
  const ended = await Promise.allSettled(Array.from({ length: lines }, () => inLane('bulk', line)));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return result;
}

async function workOn(
  house: House,
  claim: Claim,
  handle: (turns: readonly OutboxTurn[]) => Promise<Handled>,
): Promise<Handled> {
  const renewing = setInterval(() => {
    renewClaim(house, claim).catch((error: unknown) => house.log.warn({ error }, 'a lease could not be renewed'));
  }, RENEW_EVERY_MS);
  try {
    return await handle(claim.turns);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { outcomes: claim.turns.map(() => failure) };
  } finally {
    clearInterval(renewing);
  }
}

async function settle(house: House, topic: string, claim: Claim, handled: Handled, result: DrainResult): Promise<void> {
  const counts = await withTransaction(house.db, async (tx) => {
    const lost = await findLost(house, tx, claim);
    await handled.remember?.(tx, lost);
    const now = house.clock();
    const over: string[] = [];
    const later: Partial<OutboxColumns>[] = [];
    const back: string[] = [];
    const found: DrainResult = { done: 0, delayed: 0, failed: 0 };
    for (const [index, { subject, items }] of claim.turns.entries()) {
      if (lost.has(subject)) continue;
      const error = handled.outcomes[index];
      found[!error ? 'done' : error instanceof Unrecoverable ? 'failed' : 'delayed'] += items.length;
      if (!error || error instanceof Unrecoverable) over.push(...items.map(({ id }) => id));
      else if (handled.stop) back.push(...items.map(({ id }) => id));
      else later.push(...items.map((item) => postpone(house, item, error, now)));
    }
    const { outbox } = house.db.rows;
    await deleteRows(house.db, tx, outbox, 'id', over);
    await updateRows(house.db, tx, outbox, 'id', later);
    if (later.length > 0 && claim.cut) await postponeRest(house, tx, topic, claim, handled, later);
    const free = { lockedUntil: null, owner: null };
    await updateRows(
      house.db,
      tx,
      outbox,
      'id',
      back.map((id) => ({ id, ...free })),
    );
    return found;
  });
  result.done += counts.done;
  result.delayed += counts.delayed;
  result.failed += counts.failed;
}

/** What one claim could not take of a subject waits as long as what it took. */
async function postponeRest(
  house: House,
  tx: Tx,
  topic: string,
  { turns }: Claim,
  { outcomes }: Handled,
  later: readonly Partial<OutboxColumns>[],
): Promise<void> {
  const subjects = turns.filter((_, index) => outcomes[index] !== undefined).map(({ subject }) => subject);
  const runAt = later[0]?.runAt ?? house.clock();
  const where = {
    topic,
    state: 'waiting' as const,
    subject: { [Op.in]: subjects },
    runAt: { [Op.lte]: house.clock() },
  };
  await house.db.rows.outbox.update({ runAt }, { where, transaction: tx });
}

/** Subjects that are no longer ours: the lease had ended and somebody took them. */
async function findLost(house: House, tx: Tx, { owner, turns }: Claim): Promise<Set<string>> {
  const ids = turns.flatMap(({ items }) => items.map(({ id }) => id));
  const kept = await readRows(house.db.rows.outbox, {
    where: { id: { [Op.in]: ids }, owner },
    attributes: ['id'],
    order: [['id', 'ASC']],
    ...{ tx, lock: true, by: 'PRIMARY' },
  });
  const mine = new Set(kept.map(({ id }) => id));
  return new Set(turns.filter(({ items }) => !items.every(({ id }) => mine.has(id))).map(({ subject }) => subject));
}

/** Doubling, with up to a quarter of jitter so that many do not return at once; for as many days as it takes. */
function postpone(house: House, item: OutboxColumns, error: Error, now: Date): Partial<OutboxColumns> {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** Math.min(item.attempts, 20), LONGEST_DELAY_MS);
  const jitter = 1 + (house.random(1)[0] ?? 0) / 1024;
  const runAt = new Date(now.getTime() + Math.round(delay * jitter));
  const free = { lockedUntil: null, owner: null };
  return { id: item.id, attempts: item.attempts + 1, runAt, lastError: error.message, ...free };
}
