/** An opened PDF file: objects by number, from offsets and from object streams (ISO 32000-1 §7.3.10, §7.5.7). An object ends
 *  where the next one begins, so that reading all of them is never more work than the file is long. */
import { SigningError } from '../../error.ts';
import { decodeStream, streamBytes } from './decode-stream.ts';
import { ObjectStream } from './object-stream.ts';
import { integerOf, nameOf, type PdfDict, type PdfRef, type PdfValue, pdfFault } from './pdf-value.ts';
import { type IndirectObject, readIndirect } from './read-indirect.ts';
import type { WorkBudget } from './work-budget.ts';
import type { PdfEntries } from './xref-section.ts';

/** A cross-reference section; `hybrid` when a stream stands beside a table. */
export interface PdfSection {
  readonly offset: number;
  readonly hybrid: boolean;
}

/** How many bytes of objects and of unpacked streams are kept for the next asking. */
const KEPT_OBJECTS = 2 * 1024 * 1024;
const KEPT_STREAMS = 32 * 1024 * 1024;

/** Objects are read when asked for; some are kept. */
export class PdfFile {
  readonly bytes: Uint8Array;
  readonly trailer: PdfDict;
  readonly entries: PdfEntries;
  /** From the newest to the oldest. */
  readonly sections: readonly PdfSection[];
  readonly budget: WorkBudget;
  private readonly objects = new Map<number, PdfValue>();
  private keptObjects = 0;
  private readonly packs = new Map<number, ObjectStream>();
  private keptStreams = 0;
  private readonly opening = new Set<number>();
  private offsets: Uint32Array | undefined;

  constructor(
    bytes: Uint8Array,
    trailer: PdfDict,
    entries: PdfEntries,
    sections: readonly PdfSection[],
    budget: WorkBudget,
  ) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.trailer = trailer;
    this.entries = entries;
    this.sections = sections;
    this.budget = budget;
  }

  /** The value a reference leads to; anything else is itself. Missing objects are null (§7.3.10). @throws MALFORMED */
  resolve(value: PdfValue | undefined): PdfValue {
    let current: PdfValue = value ?? { kind: 'null' };
    for (let hops = 0; current.kind === 'ref'; hops += 1) {
      if (hops > 8) throw pdfFault('reference to a reference without end', 0);
      current = this.object(current);
    }
    return current;
  }

  /** As `resolve`, when it is a dictionary. */
  dict(value: PdfValue | undefined): PdfDict | undefined {
    const resolved = this.resolve(value);
    return resolved.kind === 'dict' ? resolved : undefined;
  }

  /** As `dict`, when no stream hangs on it. */
  plainDict(value: PdfValue | undefined): PdfDict | undefined {
    return value?.kind === 'ref' && this.standing(value)?.stream !== undefined ? undefined : this.dict(value);
  }

  /** The unpacked bytes of a stream; undefined when there is none. @throws MALFORMED, UNSUPPORTED, TOO_LARGE */
  stream(value: PdfValue | undefined): Uint8Array | undefined {
    const found = value?.kind === 'ref' ? this.standing(value) : undefined;
    if (found?.stream === undefined || found.value.kind !== 'dict') return undefined;
    return decodeStream(found.value, this.rawStream(found.value, found.stream), found.stream, this.budget);
  }

  /** A standing object with the raw bytes of its stream; undefined for others. @throws MALFORMED */
  rawObject(number: number): { readonly value: PdfValue; readonly raw: Uint8Array | undefined } | undefined {
    const entry = this.entries.get(number);
    const found = entry?.kind === 'offset' ? this.standing({ number, generation: entry.generation }) : undefined;
    if (found === undefined) return undefined;
    const dict = found.value.kind === 'dict' ? found.value : undefined;
    const raw = dict && found.stream !== undefined ? this.rawStream(dict, found.stream) : undefined;
    return { value: found.value, raw };
  }

  /** Show every object that can be read; genuine files name some that cannot, and that nobody looks at.
   * @param wanted by the bytes it stands in: others are passed over */
  forEach(show: (number: number, value: PdfValue) => void, wanted: (bytes: Buffer) => boolean = () => true): void {
    const packs = new Map<number, [number: number, index: number][]>();
    for (const [number, entry] of this.entries) {
      if (entry.kind === 'offset') {
        if (wanted(this.span(entry.offset))) this.show(number, () => this.readAt(number, entry).value, show);
      } else if (entry.kind === 'packed') {
        const members = packs.get(entry.stream);
        if (members === undefined) packs.set(entry.stream, [[number, entry.index]]);
        else members.push([number, entry.index]);
      }
    }
    for (const [stream, members] of packs) this.showPacked(stream, members, show, wanted);
  }

  private showPacked(
    stream: number,
    members: readonly [number: number, index: number][],
    show: (number: number, value: PdfValue) => void,
    wanted: (bytes: Buffer) => boolean,
  ): void {
    let pack: ObjectStream;
    try {
      pack = this.pack(stream);
    } catch (error) {
      if (isUnreadable(error)) return;
      throw error;
    }
    if (!wanted(Buffer.from(pack.data.buffer, pack.data.byteOffset, pack.data.length))) return;
    for (const [number, index] of members) this.show(number, () => pack.object(number, index), show);
  }

  private show(number: number, read: () => PdfValue, show: (number: number, value: PdfValue) => void): void {
    this.budget.spend(1);
    let value: PdfValue;
    try {
      value = read();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.budget.stumble();
      return;
    }
    show(number, value);
  }

  private object(ref: PdfRef): PdfValue {
    const entry = this.entries.get(ref.number);
    const generation = entry?.kind === 'offset' ? entry.generation : 0;
    if (entry === undefined || entry.kind === 'free' || generation !== ref.generation) return { kind: 'null' };
    const known = this.objects.get(ref.number);
    if (known !== undefined) return known;
    this.budget.spend(1);
    if (entry.kind === 'packed') {
      const pack = this.pack(entry.stream);
      return this.keep(ref.number, pack.object(ref.number, entry.index), 256);
    }
    return this.keep(ref.number, this.readAt(ref.number, entry).value, this.span(entry.offset).length);
  }

  /** A stream is counted as long as it is, though only its dictionary is kept: that is short in most. */
  private keep(number: number, value: PdfValue, bytes: number): PdfValue {
    this.keptObjects += Math.min(bytes, KEPT_OBJECTS);
    if (this.keptObjects > KEPT_OBJECTS) {
      this.objects.clear();
      this.keptObjects = Math.min(bytes, KEPT_OBJECTS);
    }
    this.objects.set(number, value);
    return value;
  }

  private standing({ number, generation }: { number: number; generation: number }): IndirectObject | undefined {
    const entry = this.entries.get(number);
    if (entry?.kind !== 'offset' || entry.generation !== generation) return undefined;
    this.budget.spend(1);
    return this.readAt(number, entry);
  }

  private readAt(number: number, entry: { offset: number; generation: number }): IndirectObject {
    const limited = this.bytes.subarray(0, this.endOf(entry.offset));
    return readIndirect(limited, entry.offset, { number, generation: entry.generation });
  }

  private rawStream(dict: PdfDict, start: number): Uint8Array {
    const length = integerOf(this.resolve(dict.entries.get('Length'))) ?? -1;
    return streamBytes(this.bytes, start, length);
  }

  /** The bytes from an object's beginning to the next one's. */
  private span(offset: number): Buffer {
    const end = this.endOf(offset);
    const start = Math.min(offset, end);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start);
  }

  private endOf(offset: number): number {
    this.offsets ??= this.entries.offsets(this.sections.map((section) => section.offset));
    let [low, high] = [0, this.offsets.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.offsets[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return Math.min(this.offsets[low] ?? this.bytes.length, this.bytes.length);
  }

  /** All objects of an object stream (§7.5.7). */
  private pack(number: number): ObjectStream {
    const known = this.packs.get(number);
    if (known !== undefined) return known;
    const entry = this.entries.get(number);
    // its length may be said by another object, but not by one of its own
    if (entry?.kind !== 'offset' || this.opening.has(number)) throw pdfFault('object stream missing', 0);
    this.opening.add(number);
    try {
      const { value, stream } = this.readAt(number, entry);
      if (value.kind !== 'dict' || stream === undefined || nameOf(value.entries.get('Type')) !== 'ObjStm') {
        throw pdfFault('no object stream', entry.offset);
      }
      const data = decodeStream(value, this.rawStream(value, stream), entry.offset, this.budget);
      return this.keepPack(number, new ObjectStream(value, data, entry.offset));
    } finally {
      this.opening.delete(number);
    }
  }

  private keepPack(number: number, pack: ObjectStream): ObjectStream {
    this.keptStreams += pack.data.length;
    for (const [oldest, { data }] of this.packs) {
      if (this.keptStreams <= KEPT_STREAMS) break;
      this.packs.delete(oldest);
      this.keptStreams -= data.length;
    }
    this.packs.set(number, pack);
    return pack;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof SigningError && (error.code === 'MALFORMED' || error.code === 'UNSUPPORTED');
}
