/** What is asked of a queue, whichever engine runs it. A job is a wake-up: what is to be done stands in the tables, so that a
 *  job that is lost, or runs twice after its worker died, loses and doubles nothing. */
import type { Lane } from '../../models/kernel/lane.ts';
import type { LineCounts } from '../../models/store/index.ts';

export type { LineCounts };

export interface QueueJob {
  readonly topic: string;
  readonly lane: Lane;
  readonly key: string;
  /** What was added, as JSON keeps it. */
  readonly data: unknown;
  /** 1 for the first run; runs that were broken off are not counted. */
  readonly attempt: number;
  /** Aborted when the queue closes or the lease was lost. A handler that then throws hands its job back. */
  readonly signal: AbortSignal;
}

/** Done when it returns. An error means another attempt, later; `Unrecoverable` that none can help. */
export type Handler = (job: QueueJob) => Promise<unknown>;

export interface AddOptions {
  /** While a job of this key waits or runs in the topic and lane, adding it again changes nothing. One that failed for good is
   *  replaced. Whoever adds work that the running job may have passed relies on the next tick. */
  readonly key: string;
  /** Not before. Default: now. */
  readonly runAt?: Date;
  /** Runs that may fail before the job is given up. Default: 8. */
  readonly attempts?: number;
  /** Default: counter. */
  readonly lane?: Lane;
}

/** How many jobs of a topic one process runs at once. Each lane has places of its own: bulk never takes the counter's. A lane
 *  left out is not worked on. */
export type Places = Readonly<Partial<Record<Lane, number>>>;

export interface Tick {
  /** The topic whose job is added when it is due, with this for its key too: never two of them at once. */
  readonly topic: string;
  /** Cron expression in Asia/Shanghai; five fields, or six with seconds. */
  readonly cron: string;
}

export interface Queue {
  /** @throws Fault `QUEUE_UNAVAILABLE` when the engine cannot be reached: the tables know, and the next tick comes */
  add(topic: string, data: unknown, options: AddOptions): Promise<void>;
  /** Begin to work on a topic. A job runs in the lane it was added to (`currentLane`). */
  process(topic: string, handler: Handler, places: Places): void;
  /** The whole schedule of this program. However many processes have it, each due time adds one job, while none of the topic
   *  waits or runs. What was due last while nobody was there is made up once. */
  schedule(ticks: readonly Tick[]): Promise<void>;
  /** Take no more, and wait until those under way have ended. */
  drain(): Promise<void>;
  /** Take no more, tell those under way to stop, wait for them so long, and hand the rest back to other workers; then let go
   *  of the engine. Whoever closes ends the process soon after. Default: 15 s. How many were handed back unfinished. */
  close(withinMs?: number): Promise<number>;
  /** Lines that hold nothing may be left out. */
  stats(): Promise<LineCounts[]>;
}

export const DEFAULT_ATTEMPTS = 8;
export const CLOSE_WITHIN_MS = 15_000;
