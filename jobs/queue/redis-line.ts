/** One line of the queue on Redis: a BullMQ queue of its own for each topic and lane, its worker, and what runs here. */
import { Queue as BullQueue, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Lane } from '../../models/kernel/lane.ts';
import { FAILED_KEPT_MS, type LineCounts, MOST_TAKEOVERS } from '../../models/store/index.ts';
import type { AddOptions, Handler } from './queue.ts';
import { runJob } from './run-job.ts';

export const PREFIX = 'zhengku';
/** Of those that failed for good. */
const FAILED_KEPT = { age: FAILED_KEPT_MS / 1000, count: 10_000 };
/** After trouble with the connection a worker asks again this soon. */
const ASK_AGAIN_MS = 1_000;

export interface RedisLineOptions {
  readonly topic: string;
  readonly lane: Lane;
  readonly producer: Redis;
  readonly leaseMs: number;
  readonly backOffMs: (failures: number) => number;
  readonly now: () => Date;
  /** Trouble with the connection is told elsewhere. */
  readonly tell: (error: Error) => void;
}

interface Envelope {
  readonly key: string;
  readonly data: unknown;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

interface Running {
  readonly stop: AbortController;
  readonly job: Job<Envelope>;
  readonly token: string | undefined;
  ended: Promise<unknown>;
}

export class RedisLine {
  readonly topic: string;
  readonly lane: Lane;
  readonly #options: RedisLineOptions;
  readonly #queue: BullQueue<Envelope>;
  readonly #running = new Map<string, Running>();
  #worker: Worker<Envelope> | undefined;
  #taking = true;

  constructor(options: RedisLineOptions) {
    this.topic = options.topic;
    this.lane = options.lane;
    this.#options = options;
    const name = `${options.topic}~${options.lane}`;
    this.#queue = new BullQueue<Envelope>(name, { connection: options.producer, prefix: PREFIX });
    this.#queue.on('error', options.tell);
  }

  async add(data: unknown, { key, runAt, attempts }: AddOptions & { readonly attempts: number }): Promise<void> {
    // Own ids may neither hold a colon nor look like a number.
    const jobId = `k-${encodeURIComponent(key)}`;
    if ((await this.#queue.getJobState(jobId)) === 'failed') await this.#queue.remove(jobId);
    const now = this.#options.now().getTime();
    const dueAt = runAt?.getTime() ?? now;
    await this.#queue.add(
      this.topic,
      { key, data, dueAt },
      {
        ...{ jobId, attempts, delay: Math.max(0, dueAt - now), backoff: { type: 'custom' } },
        ...{ removeOnComplete: true, removeOnFail: FAILED_KEPT },
      },
    );
  }

  work(handler: Handler, concurrency: number, connection: Redis): void {
    const { leaseMs, backOffMs, tell } = this.#options;
    const worker = new Worker<Envelope>(this.#queue.name, (job, token) => this.#process(handler, job, token), {
      ...{ connection, prefix: PREFIX, concurrency, lockDuration: leaseMs, stalledInterval: leaseMs / 2 },
      ...{ maxStalledCount: MOST_TAKEOVERS, runRetryDelay: ASK_AGAIN_MS },
      settings: { backoffStrategy: backOffMs },
    });
    worker.on('error', tell);
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#running.get(id)?.stop.abort(new Error('the lease was lost'));
    });
    this.#worker = worker;
  }

  async #process(handler: Handler, job: Job<Envelope>, token: string | undefined): Promise<void> {
    const run: Running = { stop: new AbortController(), job, token, ended: Promise.resolve() };
    if (!this.#taking) run.stop.abort(new Error('the queue closes'));
    const { topic, lane } = this;
    const { key, data } = job.data;
    const given = { topic, lane, key, data, attempt: job.attemptsMade + 1, signal: run.stop.signal };
    const ending = runJob(handler, given, job.opts.attempts ?? 1);
    run.ended = ending;
    this.#running.set(job.id ?? key, run);
    const { kind, ...rest } = await ending;
    // Closed meanwhile: it was handed back, and somebody else may have it.
    if (this.#running.get(job.id ?? key) !== run) throw new WaitingError();
    this.#running.delete(job.id ?? key);
    if (kind === 'done') return;
    if (kind === 'handed-back') {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const { error } = rest as { error: Error };
    throw kind === 'failed' ? new UnrecoverableError(error.message) : error;
  }

  /** Take no more; ends when those under way have. */
  async drain(): Promise<void> {
    this.#taking = false;
    await this.#worker?.pause();
  }

  /** How many had to be handed back. */
  async handBack(): Promise<number> {
    const unfinished = [...this.#running.values()];
    this.#running.clear();
    for (const { job, token } of unfinished) await job.moveToWait(token).catch(this.#options.tell);
    return unfinished.length;
  }

  /** Tell those under way to stop, wait for them, and let go. */
  async close(): Promise<void> {
    this.#taking = false;
    for (const { stop } of this.#running.values()) stop.abort(new Error('the queue closes'));
    // One that is still connecting would stay open.
    await this.#worker?.waitUntilReady();
    await this.#worker?.close();
    await this.#queue.close();
  }

  async count(): Promise<LineCounts> {
    const {
      waiting = 0,
      active = 0,
      delayed = 0,
      failed = 0,
    } = await this.#queue.getJobCounts(...(['waiting', 'active', 'delayed', 'failed'] as const));
    const [oldest] = waiting > 0 ? await this.#queue.getJobs(['waiting'], 0, 0, true) : [];
    const age = oldest ? (this.#options.now().getTime() - oldest.data.dueAt) / 1000 : 0;
    const { topic, lane } = this;
    return { topic, lane, waiting, running: active, delayed, failed, oldestSeconds: Math.max(0, age) };
  }
}
