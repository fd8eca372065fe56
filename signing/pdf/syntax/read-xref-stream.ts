/** A cross-reference stream (ISO 32000-1 §7.5.8): fixed-width binary entries. */
import { SigningError } from '../../error.ts';
import { decodeStream, streamBytes } from './decode-stream.ts';
import { integerOf, nameOf, type PdfDict, pdfFault } from './pdf-value.ts';
import { readIndirect } from './read-indirect.ts';
import { MAX_OBJECTS, type PdfEntry, type XrefSection } from './xref-section.ts';

export function readXrefStream(bytes: Uint8Array, offset: number): XrefSection {
  const { value, stream } = readIndirect(bytes, offset);
  if (value.kind !== 'dict' || stream === undefined || nameOf(value.entries.get('Type')) !== 'XRef') {
    throw pdfFault('no cross-reference section', offset);
  }
  const length = integerOf(value.entries.get('Length')) ?? -1;
  const data = decodeStream(value, streamBytes(bytes, stream, length), offset);
  const widths = integers(value, 'W', offset) ?? [];
  const size = integerOf(value.entries.get('Size')) ?? -1;
  const index = integers(value, 'Index', offset) ?? [0, size];
  if (widths.length !== 3 || widths.some((width) => width > 7) || index.length % 2 !== 0) {
    throw pdfFault('cross-reference stream without widths', offset);
  }
  return { entries: readEntries(data, widths, index, offset), trailer: value };
}

function readEntries(
  data: Uint8Array,
  widths: readonly number[],
  index: readonly number[],
  offset: number,
): ReadonlyMap<number, PdfEntry> {
  const entries = new Map<number, PdfEntry>();
  let at = 0;
  const field = (width: number, otherwise: number): number => {
    if (at + width > data.length) throw pdfFault('cross-reference stream too short', offset);
    let value = width === 0 ? otherwise : 0;
    for (const end = at + width; at < end; at += 1) value = value * 256 + (data[at] ?? 0);
    return value;
  };
  for (let pair = 0; pair < index.length; pair += 2) {
    const [first = 0, count = 0] = index.slice(pair);
    if (count > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
    for (let number = first; number < first + count; number += 1) {
      if (entries.has(number)) throw pdfFault('object twice in a cross-reference stream', offset);
      const [type, second, third] = [field(widths[0] ?? 0, 1), field(widths[1] ?? 0, 0), field(widths[2] ?? 0, 0)];
      entries.set(number, toEntry(type, second, third));
    }
  }
  if (at !== data.length) throw pdfFault('cross-reference stream too long', offset);
  return entries;
}

/** Unknown types are references to nothing (§7.5.8.3). */
function toEntry(type: number, second: number, third: number): PdfEntry {
  if (type === 1) return { kind: 'offset', offset: second, generation: third };
  if (type === 2) return { kind: 'packed', stream: second, index: third };
  return { kind: 'free' };
}

function integers(dict: PdfDict, key: string, offset: number): readonly number[] | undefined {
  const value = dict.entries.get(key);
  if (value === undefined) return undefined;
  const list = value.kind === 'array' ? value.items.map(integerOf) : [undefined];
  return list.map((item) => {
    if (item === undefined || item < 0) throw pdfFault(`${key} is no list of whole numbers`, offset);
    return item;
  });
}
