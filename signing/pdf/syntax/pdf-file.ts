/** An opened PDF file: objects by number, from offsets and from object streams (ISO 32000-1 §7.3.10, §7.5.7). */
import { decodeStream, streamBytes } from './decode-stream.ts';
import { integerOf, nameOf, type PdfDict, type PdfRef, type PdfValue, pdfFault } from './pdf-value.ts';
import { readIndirect } from './read-indirect.ts';
import { PdfReader } from './read-value.ts';
import { MAX_OBJECTS, type PdfEntry } from './xref-section.ts';

/** Objects are read when asked for, and kept. */
export class PdfFile {
  readonly bytes: Uint8Array;
  readonly trailer: PdfDict;
  readonly entries: ReadonlyMap<number, PdfEntry>;
  private readonly objects = new Map<number, PdfValue>();
  private readonly packs = new Map<number, ReadonlyMap<number, PdfValue>>();

  constructor(bytes: Uint8Array, trailer: PdfDict, entries: ReadonlyMap<number, PdfEntry>) {
    this.bytes = bytes;
    this.trailer = trailer;
    this.entries = entries;
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

  private object(ref: PdfRef): PdfValue {
    const known = this.objects.get(ref.number);
    const entry = this.entries.get(ref.number);
    const generation = entry?.kind === 'offset' ? entry.generation : 0;
    if (entry === undefined || entry.kind === 'free' || generation !== ref.generation) return { kind: 'null' };
    if (known !== undefined) return known;
    const value = entry.kind === 'offset' ? this.standing(ref, entry.offset) : this.packed(entry.stream, ref.number);
    this.objects.set(ref.number, value);
    return value;
  }

  private standing(ref: PdfRef, offset: number): PdfValue {
    const found = readIndirect(this.bytes, offset);
    if (found.number !== ref.number || found.generation !== ref.generation) {
      throw pdfFault('the cross-reference leads to another object', offset);
    }
    return found.value;
  }

  private packed(stream: number, number: number): PdfValue {
    let pack = this.packs.get(stream);
    if (pack === undefined) {
      const entry = this.entries.get(stream);
      if (entry?.kind !== 'offset') throw pdfFault('object stream missing', 0);
      pack = this.readPack(entry.offset);
      this.packs.set(stream, pack);
    }
    const value = pack.get(number);
    if (value === undefined) throw pdfFault('object missing in its stream', 0);
    return value;
  }

  /** All objects of an object stream (§7.5.7). */
  private readPack(offset: number): ReadonlyMap<number, PdfValue> {
    const { value, stream } = readIndirect(this.bytes, offset);
    if (value.kind !== 'dict' || stream === undefined || nameOf(value.entries.get('Type')) !== 'ObjStm') {
      throw pdfFault('no object stream', offset);
    }
    const length = integerOf(this.resolve(value.entries.get('Length'))) ?? -1;
    const data = decodeStream(value, streamBytes(this.bytes, stream, length), offset);
    const [count, first] = [integerOf(value.entries.get('N')) ?? -1, integerOf(value.entries.get('First')) ?? -1];
    if (count < 0 || count > MAX_OBJECTS || first < 0) throw pdfFault('object stream without counts', offset);
    const header = new PdfReader(data, 0);
    const objects = new Map<number, PdfValue>();
    for (let i = 0; i < count; i += 1) {
      const number = header.expectInteger();
      const at = first + header.expectInteger();
      if (objects.has(number)) throw pdfFault('object twice in a stream', offset);
      objects.set(number, new PdfReader(data, at).value());
    }
    return objects;
  }
}
