/** What a clerk expects of a chain of versions, in days: one in place, at most one that waits, and the others behind them. Shares nothing
 *  with the code it is held against. */
export type Stand =
  | 'not-yet-effective'
  | 'valid'
  | 'suspended'
  | 'superseded'
  | 'voided'
  | 'annulled'
  | 'cancelled'
  | 'repealed';

export interface ModelVersion {
  readonly id: string;
  readonly from: number;
  stand: Stand;
  /** The day on which it is voided, planned. */
  voidOn?: number | undefined;
}

export class ChainModel {
  readonly line: ModelVersion[] = [];
  day = 0;
  inPlace: ModelVersion;
  waiting: ModelVersion | undefined;
  holder: ModelVersion;
  #leaves: Stand = 'superseded';

  constructor(id: string) {
    this.inPlace = { id, from: 0, stand: 'valid' };
    this.holder = this.inPlace;
    this.line.push(this.inPlace);
  }

  get newest(): ModelVersion {
    return this.waiting ?? this.inPlace;
  }

  /** Is a new version refused, that begins on this day? */
  refuses(from: number): boolean {
    if (!this.waiting) return this.inPlace.stand !== 'valid';
    return from > this.waiting.from || (from <= this.day && this.inPlace.stand === 'suspended');
  }

  /** Will its place be taken by the end of that day? */
  leavesBy(version: ModelVersion, day: number): boolean {
    return version === this.inPlace && version.stand === 'valid' && (this.waiting?.from ?? Infinity) <= day;
  }

  issue(id: string, from: number, act: 'amend' | 'replace'): void {
    const left: Stand = act === 'amend' ? 'superseded' : 'voided';
    const version: ModelVersion = { id, from, stand: 'not-yet-effective' };
    if (this.waiting) this.waiting.stand = left;
    else this.#leaves = left;
    this.line.push(version);
    this.waiting = version;
    this.holder = version;
    if (from <= this.day) this.#begin(version);
  }

  end(version: ModelVersion, stand: Stand): void {
    version.stand = stand;
    if (version !== this.waiting) return;
    this.waiting = undefined;
    this.holder = this.inPlace;
  }

  /** To nine o'clock of that day; plans are for ten. */
  moveOn(day: number): void {
    for (; this.day < day; this.day += 1) {
      for (const one of this.line)
        if (one.voidOn === this.day) {
          if (['not-yet-effective', 'valid', 'suspended'].includes(one.stand)) this.end(one, 'voided');
        }
      if (this.waiting && this.waiting.from <= this.day + 1) this.#begin(this.waiting);
    }
  }

  #begin(version: ModelVersion): void {
    if (this.inPlace.stand === 'valid') this.inPlace.stand = this.#leaves;
    version.stand = 'valid';
    this.inPlace = version;
    this.waiting = undefined;
  }
}
