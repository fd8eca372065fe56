/** The cross-references of a PDF file (ISO 32000-1 §7.5.4, §7.5.8), merged from the newest section to the oldest. Held in
 *  typed arrays: a file of 100 MB can name a million objects. */
import { SigningError } from '../../error.ts';
import { xrefFault } from './pdf-value.ts';

/** Where an object stands: at an offset of the file, or inside an object stream. */
export type PdfEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly stream: number; readonly index: number };

/** Beyond this a file is not examined. */
export const MAX_OBJECTS = 1_000_000;
/** Object numbers lie below this, as in the best known reader. */
const MAX_NUMBER = 8_388_608;
const PAGE = 1024;
const [FREE, OFFSET, PACKED] = [1, 2, 3];

interface Page {
  readonly kinds: Uint8Array;
  readonly places: Uint32Array;
  /** Generation, or index in the object stream. */
  readonly details: Uint32Array;
  /** The last section that named it. */
  readonly sections: Uint16Array;
}

/** Entries by object number; those of the newest section are put in first, and stay. */
export class PdfEntries {
  private readonly pages = new Map<number, Page>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(number: number): PdfEntry | undefined {
    const page = this.pages.get(Math.floor(number / PAGE));
    const at = number % PAGE;
    const [place, detail] = [page?.places[at] ?? 0, page?.details[at] ?? 0];
    if (page?.kinds[at] === OFFSET) return { kind: 'offset', offset: place, generation: detail };
    if (page?.kinds[at] === PACKED) return { kind: 'packed', stream: place, index: detail };
    return page?.kinds[at] === FREE ? { kind: 'free' } : undefined;
  }

  /** Whether both name the same place. */
  isSame(number: number, other: PdfEntries): boolean {
    const [mine, theirs] = [this.pages.get(Math.floor(number / PAGE)), other.pages.get(Math.floor(number / PAGE))];
    const at = number % PAGE;
    return (
      (mine?.kinds[at] ?? 0) === (theirs?.kinds[at] ?? 0) &&
      (mine?.places[at] ?? 0) === (theirs?.places[at] ?? 0) &&
      (mine?.details[at] ?? 0) === (theirs?.details[at] ?? 0)
    );
  }

  /** Put in what a section says, unless a newer one has spoken. @param section which one, counted from 1
   * @throws MALFORMED when the section names the number twice, TOO_LARGE */
  add(number: number, entry: PdfEntry, section: number): void {
    const page = this.page(number);
    const at = number % PAGE;
    if (page.sections[at] === section) throw xrefFault(`object ${number} twice in a section`, 0);
    page.sections[at] = section;
    if (page.kinds[at] !== 0) return;
    this.count += 1;
    if (this.count > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
    if (entry.kind === 'free') {
      page.kinds[at] = FREE;
      return;
    }
    const [place, detail] = entry.kind === 'offset' ? [entry.offset, entry.generation] : [entry.stream, entry.index];
    if (place > 0xffffffff || detail > 0xffffffff) throw xrefFault('an entry leads nowhere', 0);
    page.kinds[at] = entry.kind === 'offset' ? OFFSET : PACKED;
    page.places[at] = place;
    page.details[at] = detail;
  }

  /** The last section that named the number; 0 when none did. */
  spokenBy(number: number): number {
    return this.pages.get(Math.floor(number / PAGE))?.sections[number % PAGE] ?? 0;
  }

  *keys(): Generator<number, undefined> {
    for (const [base, { kinds }] of [...this.pages].sort(([a], [b]) => a - b)) {
      for (let at = 0; at < PAGE; at += 1) if (kinds[at] !== 0) yield base * PAGE + at;
    }
    return undefined;
  }

  *[Symbol.iterator](): Generator<[number, PdfEntry], undefined> {
    for (const number of this.keys()) yield [number, this.get(number) ?? { kind: 'free' }];
    return undefined;
  }

  /** All offsets, ascending. */
  offsets(others: readonly number[]): Uint32Array {
    const all = new Uint32Array(this.count + others.length);
    let length = 0;
    for (const { kinds, places } of this.pages.values()) {
      for (let at = 0; at < PAGE; at += 1) if (kinds[at] === OFFSET) all[length++] = places[at] ?? 0;
    }
    for (const other of others) all[length++] = other;
    return all.subarray(0, length).sort();
  }

  private page(number: number): Page {
    if (number >= MAX_NUMBER) throw new SigningError('TOO_LARGE', 'object numbers too high', { number });
    const base = Math.floor(number / PAGE);
    let page = this.pages.get(base);
    if (page === undefined) {
      page = {
        kinds: new Uint8Array(PAGE),
        places: new Uint32Array(PAGE),
        details: new Uint32Array(PAGE),
        sections: new Uint16Array(PAGE),
      };
      this.pages.set(base, page);
    }
    return page;
  }
}
