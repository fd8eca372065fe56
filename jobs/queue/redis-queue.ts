/** The queue on Redis, by BullMQ: for houses of several processes. Redis may be away, at the start or later, and may forget
 *  everything: the tables decide what is to be done, and the schedule is put up again. */
import { Redis } from 'ioredis';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { LANES, type Lane } from '../../models/kernel/lane.ts';
import { type BackOff, backOffMs, USUAL_BACK_OFF } from './back-off.ts';
import {
  type AddOptions,
  CLOSE_WITHIN_MS,
  DEFAULT_ATTEMPTS,
  type Handler,
  type LineCounts,
  type Places,
  type Queue,
  type Tick,
} from './queue.ts';
import { PREFIX, RedisLine } from './redis-line.ts';
import { RedisTicks } from './redis-ticks.ts';
import { within } from './within.ts';

export interface RedisQueueOptions {
  /** A worker that died is replaced after this and half as much again. Default 30 s. */
  readonly leaseMs?: number;
  readonly backOff?: BackOff;
}

/** The schedule is looked after this often, and whenever Redis comes back. */
const LOOK_AFTER_MS = 60_000;
const LET_GO_WITHIN_MS = 2_000;

export class RedisQueue implements Queue {
  readonly #house: Pick<House, 'clock' | 'random' | 'log'>;
  readonly #leaseMs: number;
  readonly #backOff: BackOff;
  readonly #producer: Redis;
  readonly #url: string;
  readonly #lines = new Map<string, RedisLine>();
  #connection: Redis | undefined;
  #ticks: RedisTicks | undefined;
  #timer: NodeJS.Timeout | undefined;
  #away = false;
  #closing = false;

  constructor(
    url: string,
    house: Pick<House, 'clock' | 'random' | 'log'>,
    { leaseMs = 30_000, backOff = USUAL_BACK_OFF }: RedisQueueOptions = {},
  ) {
    this.#house = house;
    this.#leaseMs = leaseMs;
    this.#backOff = backOff;
    this.#url = url;
    // Who adds is told at once that nobody is there; workers wait until somebody is.
    this.#producer = new Redis(url, { ...RETRYING, maxRetriesPerRequest: 1, enableOfflineQueue: false });
    this.#producer.on('error', (error: Error) => this.#tell(error));
    this.#producer.on('ready', () => this.#back());
  }

  async add(topic: string, data: unknown, options: AddOptions): Promise<void> {
    const { lane = 'counter', attempts = DEFAULT_ATTEMPTS } = options;
    await this.#reached(() => this.#line(topic, lane).add(data, { ...options, attempts }));
  }

  process(topic: string, handler: Handler, places: Places): void {
    for (const lane of LANES) {
      const most = places[lane] ?? 0;
      if (most > 0) this.#line(topic, lane).work(handler, most, this.#workers());
    }
  }

  async schedule(ticks: readonly Tick[]): Promise<void> {
    await this.#ticks?.close();
    const due = (topic: string) => this.add(topic, null, { key: topic, attempts: 1 });
    const tell = (error: Error) => this.#tell(error);
    this.#ticks = new RedisTicks({ ticks, producer: this.#producer, connection: this.#workers(), due, tell });
    this.#timer ??= setInterval(() => void this.#lookAfter(), LOOK_AFTER_MS);
    await this.#lookAfter();
  }

  async drain(): Promise<void> {
    await this.#closeTicks();
    await Promise.all([...this.#lines.values()].map((line) => line.drain()));
  }

  async close(withinMs = CLOSE_WITHIN_MS): Promise<number> {
    this.#closing = true;
    const lines = [...this.#lines.values()];
    const closed = Promise.all([this.#closeTicks(), ...lines.map((line) => line.close())]);
    // Without Redis nothing can be handed back: leases end, and the tables know.
    const reached = this.#producer.status === 'ready';
    let unfinished = 0;
    if (!(await within(reached ? withinMs : LET_GO_WITHIN_MS, closed)) && reached) {
      const handBack = async () => {
        for (const line of lines) unfinished += await line.handBack();
      };
      await within(LET_GO_WITHIN_MS, handBack());
    }
    this.#connection?.disconnect();
    this.#producer.disconnect();
    return unfinished;
  }

  stats(): Promise<LineCounts[]> {
    return this.#reached(async () => {
      for (const name of await this.#findNames()) {
        const [topic = '', lane] = name.split('~');
        if (lane === 'counter' || lane === 'bulk') this.#line(topic, lane);
      }
      const counts = await Promise.all([...this.#lines.values()].map((line) => line.count()));
      return counts.sort((a, b) => (`${a.topic} ${a.lane}` < `${b.topic} ${b.lane}` ? -1 : 1));
    });
  }

  #line(topic: string, lane: Lane): RedisLine {
    const name = `${topic}~${lane}`;
    const known = this.#lines.get(name);
    if (known) return known;
    const line = new RedisLine({
      ...{ topic, lane, producer: this.#producer, leaseMs: this.#leaseMs, now: this.#house.clock },
      backOffMs: (failures) => backOffMs(this.#backOff, failures, this.#house.random),
      tell: (error) => this.#tell(error),
    });
    this.#lines.set(name, line);
    return line;
  }

  #workers(): Redis {
    this.#connection ??= new Redis(this.#url, { ...RETRYING, maxRetriesPerRequest: null }).on('error', (error: Error) =>
      this.#tell(error),
    );
    return this.#connection;
  }

  /** Queues that other processes have. */
  async #findNames(): Promise<string[]> {
    const names: string[] = [];
    let cursor = '0';
    do {
      const [next, keys] = await this.#producer.scan(cursor, 'MATCH', `${PREFIX}:*:meta`, 'COUNT', 1000);
      cursor = next;
      names.push(...keys.map((key) => key.slice(PREFIX.length + 1, -':meta'.length)));
    } while (cursor !== '0');
    return names;
  }

  async #lookAfter(): Promise<void> {
    if (this.#closing || this.#producer.status !== 'ready') return;
    await this.#ticks?.install().catch((error: Error) => this.#tell(error));
  }

  async #closeTicks(): Promise<void> {
    clearInterval(this.#timer);
    const ticks = this.#ticks;
    this.#ticks = undefined;
    if (ticks) await within(LET_GO_WITHIN_MS, ticks.close());
  }

  async #reached<T>(act: () => Promise<T>): Promise<T> {
    if (this.#producer.status !== 'ready') await within(LET_GO_WITHIN_MS, this.#untilReady());
    if (this.#producer.status !== 'ready') throw new Fault('QUEUE_UNAVAILABLE');
    try {
      return await act();
    } catch (cause) {
      if (this.#producer.status === 'ready' && !isAboutConnection(cause)) throw cause;
      throw new Fault('QUEUE_UNAVAILABLE', { cause });
    }
  }

  /** At the start; later nobody waits for a Redis that went away. */
  #untilReady(): Promise<void> {
    if (this.#away) return Promise.resolve();
    return new Promise((resolve) => {
      this.#producer.once('ready', () => resolve());
      this.#producer.once('close', () => resolve());
    });
  }

  /** A Redis that is away is told once. */
  #tell(error: Error): void {
    if (this.#closing) return;
    if (!isAboutConnection(error)) {
      this.#house.log.warn({ error }, 'a job of the queue on Redis was not settled');
    } else if (!this.#away) {
      this.#away = true;
      this.#house.log.error({ error }, 'Redis cannot be reached: jobs wait until it is back');
    }
  }

  #back(): void {
    if (this.#away) this.#house.log.info({}, 'Redis can be reached again');
    this.#away = false;
    void this.#lookAfter();
  }
}

const RETRYING = { retryStrategy: (times: number) => Math.min(200 * times, 2_000) };

function isAboutConnection(error: unknown): boolean {
  const { code, message, name } = error as NodeJS.ErrnoException;
  return (
    (typeof code === 'string' && /^E[A-Z]+$/.test(code)) ||
    name === 'MaxRetriesPerRequestError' ||
    /connection is closed|isn't writeable|connect ECONN|LOADING|ETIMEDOUT|stream/i.test(message ?? '')
  );
}
