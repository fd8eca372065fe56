/** A clock that stands still until a test moves it. */

export class FixedClock {
  #at: Date;

  /** @param at the instant it shows, as ISO 8601 text or Date */
  constructor(at: string | Date = '2026-03-02T01:00:00.000Z') {
    this.#at = readInstant(at);
  }

  /** A fresh Date each time: nobody can move the clock through what it gave. */
  now(): Date {
    return new Date(this.#at);
  }

  set(at: string | Date): void {
    this.#at = readInstant(at);
  }

  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number; milliseconds?: number }): void {
    const minutes = ((by.days ?? 0) * 24 + (by.hours ?? 0)) * 60 + (by.minutes ?? 0);
    this.#at = new Date(this.#at.getTime() + (minutes * 60 + (by.seconds ?? 0)) * 1000 + (by.milliseconds ?? 0));
  }
}

function readInstant(at: string | Date): Date {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) throw new RangeError(`not an instant: ${String(at)}`);
  return instant;
}
