/** The queue on one engine or the other, as a process of the product would open it. */
import { randomBytes } from 'node:crypto';
import { EmbeddedQueue } from '../../jobs/queue/embedded-queue.ts';
import type { Queue } from '../../jobs/queue/queue.ts';
import { RedisQueue } from '../../jobs/queue/redis-queue.ts';
import type { Clock } from '../../models/kernel/clock.ts';
import { makeNewId } from '../../models/kernel/ids.ts';
import { type Log, silentLog } from '../../models/kernel/log.ts';
import { closeDatabase, openDatabase } from '../../models/store/database.ts';

export interface QueueEngine {
  readonly engine: 'embedded' | 'redis';
  /** Of a migrated database, or of Redis. */
  readonly url: string;
  readonly leaseMs: number;
  readonly firstDelayMs: number;
}

export interface OpenedQueue {
  readonly queue: Queue;
  /** The queue is closed by whoever tests it. */
  release(): Promise<void>;
}

export function openQueueOn({ engine, url, leaseMs, firstDelayMs }: QueueEngine, clock: Clock, log: Log = silentLog) {
  const random = (count: number) => new Uint8Array(randomBytes(count));
  const backOff = { firstMs: firstDelayMs, longestMs: 60_000 };
  if (engine === 'redis') {
    const queue: Queue = new RedisQueue(url, { clock, random, log }, { leaseMs, backOff });
    return { queue, release: () => Promise.resolve() };
  }
  const db = openDatabase(url);
  const house = { db, clock, random, log, newId: makeNewId(clock, random) };
  const queue: Queue = new EmbeddedQueue(house, { leaseMs, lookMs: 20, backOff });
  return { queue, release: () => closeDatabase(db) };
}
