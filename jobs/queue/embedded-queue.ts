/** The queue as a table of the database: nothing to install, and several processes may share it. Jobs are leased; the lease is
 *  renewed while the worker lives. */
import type { House } from '../../models/house.ts';
import { inLane, LANES, type Lane } from '../../models/kernel/lane.ts';
import { processOwner } from '../../models/kernel/process-owner.ts';
import {
  addJob,
  type ClaimedJob,
  claimJobs,
  countJobs,
  failJob,
  findDueLines,
  finishJob,
  freeLostJobs,
  handBackJob,
  renewLeases,
  retryJob,
} from '../../models/store/index.ts';
import { type BackOff, backOffMs, USUAL_BACK_OFF } from './back-off.ts';
import { type CronTicks, startCronTicks } from './cron-ticks.ts';
import { CLOSE_WITHIN_MS, DEFAULT_ATTEMPTS, type Handler, type Places, type Queue, type Tick } from './queue.ts';
import { type Ending, runJob } from './run-job.ts';
import { within } from './within.ts';

export type QueueHouse = Pick<House, 'db' | 'clock' | 'newId' | 'random' | 'log'>;

export interface EmbeddedQueueOptions {
  /** A worker that died is replaced after this. Default 30 s. */
  readonly leaseMs?: number;
  /** How often the table is looked at. Default 1 s. */
  readonly lookMs?: number;
  readonly backOff?: BackOff;
}

interface WorkLine {
  readonly topic: string;
  readonly lane: Lane;
  readonly handler: Handler;
  readonly places: number;
  running: number;
}

interface Running {
  readonly job: ClaimedJob;
  readonly stop: AbortController;
  lockedUntil: Date;
  ended: Promise<void>;
}

export class EmbeddedQueue implements Queue {
  readonly #house: QueueHouse;
  readonly #leaseMs: number;
  readonly #backOff: BackOff;
  readonly #lines: WorkLine[] = [];
  readonly #running = new Map<string, Running>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #lookMs: number;
  #ticks: CronTicks | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #taking = true;
  #inTrouble = false;

  constructor(
    house: QueueHouse,
    { leaseMs = 30_000, lookMs = 1_000, backOff = USUAL_BACK_OFF }: EmbeddedQueueOptions = {},
  ) {
    this.#house = house;
    this.#leaseMs = leaseMs;
    this.#lookMs = lookMs;
    this.#backOff = backOff;
  }

  async add(topic: string, data: unknown, options: Parameters<Queue['add']>[2]): Promise<void> {
    const { db, clock, newId } = this.#house;
    const { key, runAt = clock(), attempts = DEFAULT_ATTEMPTS, lane = 'counter' } = options;
    await addJob(db, newId, { topic, lane, key, data, runAt, attempts });
    if (this.#lines.some((line) => line.topic === topic)) void this.look();
  }

  process(topic: string, handler: Handler, places: Places): void {
    for (const lane of LANES) {
      const most = places[lane] ?? 0;
      if (most > 0) this.#lines.push({ topic, lane, handler, places: most, running: 0 });
    }
    if (this.#timers.length === 0) {
      this.#timers.push(setInterval(() => void this.look(), this.#lookMs));
      this.#timers.push(setInterval(() => void this.keepLeases(), this.#leaseMs / 3));
      void this.keepLeases();
    }
    void this.look();
  }

  async schedule(ticks: readonly Tick[]): Promise<void> {
    await this.#ticks?.stop();
    this.#ticks = await startCronTicks(this.#house, ticks, () => void this.look());
  }

  async drain(): Promise<void> {
    this.#taking = false;
    await this.#ticks?.stop();
    await this.#looking;
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async close(withinMs = CLOSE_WITHIN_MS): Promise<number> {
    const drained = this.drain();
    for (const { stop } of this.#running.values()) stop.abort(new Error('the queue closes'));
    await within(withinMs, drained);
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    const unfinished = [...this.#running.values()];
    this.#running.clear();
    for (const { job } of unfinished) await this.#calmly(() => handBackJob(this.#house.db, job));
    return unfinished.length;
  }

  stats() {
    return countJobs(this.#house.db, this.#house.clock());
  }

  /** Take what is due while places are free. Called again meanwhile it looks once more afterwards. */
  look(): Promise<void> {
    this.#lookAgain = true;
    // Whatever lane it is asked from, a look is short.
    this.#looking ??= inLane('counter', () => this.#calmly(() => this.#takeDue())).finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain && this.#taking) void this.look();
    });
    return this.#looking;
  }

  async #takeDue(): Promise<void> {
    while (this.#taking && this.#lookAgain) {
      this.#lookAgain = false;
      const free = this.#lines.filter(({ running, places }) => running < places);
      const now = this.#house.clock();
      for (const line of await findDueLines(this.#house.db, free, now)) await this.#take(line as WorkLine, now);
    }
  }

  async #take(line: WorkLine, now: Date): Promise<void> {
    const { db, newId } = this.#house;
    const lockedUntil = new Date(now.getTime() + this.#leaseMs);
    const owner = `${processOwner()}#${newId()}`;
    if (!this.#taking) return;
    const jobs = await claimJobs(db, line, { most: line.places - line.running, owner, now, lockedUntil });
    for (const job of jobs) {
      const run: Running = { job, stop: new AbortController(), lockedUntil, ended: Promise.resolve() };
      line.running += 1;
      this.#running.set(job.id, run);
      run.ended = this.#run(line, run).finally(() => {
        line.running -= 1;
        void this.look();
      });
    }
  }

  async #run(line: WorkLine, run: Running): Promise<void> {
    const { topic, lane, key, data, attempts, mostAttempts } = run.job;
    const job = { topic, lane, key, data, attempt: attempts + 1, signal: run.stop.signal };
    if (!this.#taking) run.stop.abort(new Error('the queue closes'));
    const ending = await runJob(line.handler, job, mostAttempts);
    // Closed meanwhile, or lost: somebody else has it.
    if (this.#running.get(run.job.id) !== run) return;
    await this.#calmly(() => this.#settle(run.job, ending));
    if (this.#running.get(run.job.id) === run) this.#running.delete(run.job.id);
  }

  async #settle(job: ClaimedJob, ending: Ending): Promise<void> {
    const { db, clock, random } = this.#house;
    const failures = job.attempts + 1;
    if (ending.kind === 'done') await finishJob(db, job);
    else if (ending.kind === 'handed-back') await handBackJob(db, job);
    else if (ending.kind === 'failed') {
      await failJob(db, job, failures, clock(), ending.error.message);
    } else {
      const runAt = new Date(clock().getTime() + backOffMs(this.#backOff, failures, random));
      await retryJob(db, job, failures, runAt, ending.error.message);
    }
  }

  /** Renew what is held here, and take back what others lost. */
  async keepLeases(): Promise<void> {
    const { db, clock } = this.#house;
    const now = clock();
    const lockedUntil = new Date(now.getTime() + this.#leaseMs);
    const held = [...this.#running.values()];
    await this.#calmly(async () => {
      if (held.length > 0) {
        const renewed = await renewLeases(
          db,
          held.map(({ job }) => job),
          lockedUntil,
        );
        for (const run of held) if (renewed.has(run.job.id)) run.lockedUntil = lockedUntil;
      }
      if (this.#taking && (await freeLostJobs(db, now)) > 0) void this.look();
    });
    for (const run of held) if (run.lockedUntil <= clock()) this.#lose(run);
  }

  #lose(run: Running): void {
    if (this.#running.get(run.job.id) !== run) return;
    this.#running.delete(run.job.id);
    const { topic, lane, key } = run.job;
    this.#house.log.warn({ topic, lane, key }, 'the lease of a job was lost: it stops here');
    run.stop.abort(new Error('the lease was lost'));
  }

  /** A database that is away for a while is told once; work goes on when it is back. */
  async #calmly(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      if (this.#inTrouble) this.#house.log.info({}, 'the queue can be reached again');
      this.#inTrouble = false;
    } catch (error) {
      if (!this.#inTrouble) this.#house.log.error({ error }, 'the queue cannot be reached');
      this.#inTrouble = true;
    }
  }
}
