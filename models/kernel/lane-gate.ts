/** A gate with so many places, at which the counter goes before bulk: whoever finds no place waits in the line of its lane. */
import { currentLane, type Lane } from './lane.ts';

export interface LaneGateOptions {
  /** Acts inside at once. */
  readonly places: number;
  /** Of them at most so many of the bulk lane, so that the counter mostly finds one free. Default: all. */
  readonly bulkPlaces?: number;
}

/** So many of the counter may go before a waiting act of bulk, which then has its turn: late, but it comes. */
const COUNTER_BEFORE_BULK = 32;

export class LaneGate {
  readonly #places: number;
  readonly #bulkPlaces: number;
  readonly #inside: Record<Lane, number> = { counter: 0, bulk: 0 };
  readonly #waiting: Record<Lane, (() => void)[]> = { counter: [], bulk: [] };
  #counterInARow = 0;
  #whenIdle: (() => void)[] = [];

  constructor({ places, bulkPlaces = places }: LaneGateOptions) {
    this.#places = places;
    this.#bulkPlaces = bulkPlaces;
  }

  /** Run the act when its turn has come; the lane is the caller's. */
  async run<T>(act: () => Promise<T>, lane: Lane = currentLane()): Promise<T> {
    await this.#enter(lane);
    try {
      return await act();
    } finally {
      this.#inside[lane] -= 1;
      this.#admit();
    }
  }

  /** Nobody inside and nobody waiting. */
  async idle(): Promise<void> {
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #enter(lane: Lane): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting[lane].push(resolve);
      this.#admit();
    });
  }

  #admit(): void {
    for (let lane = this.#next(); lane; lane = this.#next()) {
      this.#counterInARow = lane === 'counter' && this.#waiting.bulk.length > 0 ? this.#counterInARow + 1 : 0;
      this.#inside[lane] += 1;
      this.#waiting[lane].shift()?.();
    }
    if (this.#isIdle()) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #next(): Lane | undefined {
    if (this.#inside.counter + this.#inside.bulk >= this.#places) return undefined;
    const bulk = this.#waiting.bulk.length > 0 && this.#inside.bulk < this.#bulkPlaces;
    if (this.#waiting.counter.length > 0 && !(bulk && this.#counterInARow >= COUNTER_BEFORE_BULK)) return 'counter';
    return bulk ? 'bulk' : undefined;
  }

  #isIdle(): boolean {
    const { counter, bulk } = this.#inside;
    return counter + bulk + this.#waiting.counter.length + this.#waiting.bulk.length === 0;
  }
}
