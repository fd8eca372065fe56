/** The schedule on Redis: BullMQ job schedulers, so that a due time exists once however many workers there are. Its job only
 *  adds the job that it calls for. A Redis that lost everything is given the schedule again. */
import { Queue as BullQueue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Tick } from './queue.ts';
import { PREFIX } from './redis-line.ts';

export interface RedisTicksOptions {
  readonly ticks: readonly Tick[];
  readonly producer: Redis;
  readonly connection: Redis;
  readonly due: (topic: string) => Promise<void>;
  readonly tell: (error: Error) => void;
}

const NAME = 'ticks';
const ZONE = 'Asia/Shanghai';
/** A worker that is there takes a due time sooner. */
const LATE_MS = 60_000;

export class RedisTicks {
  readonly #options: RedisTicksOptions;
  readonly #queue: BullQueue<{ readonly topic: string }>;
  readonly #worker: Worker<{ readonly topic: string }>;

  constructor(options: RedisTicksOptions) {
    this.#options = options;
    const { producer, connection, due, tell } = options;
    this.#queue = new BullQueue(NAME, { connection: producer, prefix: PREFIX });
    this.#queue.on('error', tell);
    const run = ({ data }: { readonly data: { readonly topic: string } }) => due(data.topic);
    this.#worker = new Worker(NAME, run, { connection, prefix: PREFIX, runRetryDelay: 1_000 });
    this.#worker.on('error', tell);
  }

  /** Put up what is missing or was changed, take down what is no more. What is there already keeps its next due time; one that
   *  passed while nobody was there is made up first, for putting it up anew forgets it. */
  async install(): Promise<void> {
    const there = new Map((await this.#queue.getJobSchedulers()).map((found) => [found.key, found]));
    for (const { topic, cron } of this.#options.ticks) {
      const known = there.get(topic);
      there.delete(topic);
      const isLate = (known?.next ?? Number.POSITIVE_INFINITY) <= Date.now() - LATE_MS;
      if (known?.pattern === cron && known.tz === ZONE && !isLate) continue;
      if (isLate) await this.#options.due(topic);
      const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true };
      await this.#queue.upsertJobScheduler(topic, { pattern: cron, tz: ZONE }, { name: topic, data: { topic }, opts });
    }
    for (const topic of there.keys()) await this.#queue.removeJobScheduler(topic);
  }

  async close(): Promise<void> {
    // One that is still connecting would stay open.
    await this.#worker.waitUntilReady();
    await this.#worker.close();
    await this.#queue.close();
  }
}
