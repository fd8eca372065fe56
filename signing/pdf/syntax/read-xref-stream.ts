/** A cross-reference stream (ISO 32000-1 §7.5.8): fixed-width binary entries. */
import { SigningError } from '../../error.ts';
import { decodeStream, streamBytes } from './decode-stream.ts';
import { integerOf, nameOf, type PdfDict, xrefFault } from './pdf-value.ts';
import { readIndirect } from './read-indirect.ts';
import type { WorkBudget } from './work-budget.ts';
import { MAX_OBJECTS, type PdfEntry } from './xref-section.ts';

type Put = (number: number, entry: PdfEntry) => void;

export function readXrefStream(bytes: Uint8Array, offset: number, budget: WorkBudget, put: Put): PdfDict {
  const { value, stream } = readIndirect(bytes, offset);
  if (value.kind !== 'dict' || stream === undefined || nameOf(value.entries.get('Type')) !== 'XRef') {
    throw xrefFault('no cross-reference section', offset);
  }
  const length = integerOf(value.entries.get('Length')) ?? -1;
  const data = decodeStream(value, streamBytes(bytes, stream, length), offset, budget);
  const widths = integers(value, 'W', offset) ?? [];
  const size = integerOf(value.entries.get('Size')) ?? -1;
  const index = integers(value, 'Index', offset) ?? [0, size];
  // an entry without an offset would take no bytes, and could be named without end
  const wide = widths.length === 3 && widths.every((width) => width <= 7) && (widths[1] ?? 0) > 0;
  if (!wide || index.length % 2 !== 0) throw xrefFault('cross-reference stream without widths', offset);
  readEntries(data, widths, index, offset, put);
  return value;
}

function readEntries(
  data: Uint8Array,
  widths: readonly number[],
  index: readonly number[],
  offset: number,
  put: Put,
): void {
  let at = 0;
  const field = (width: number, otherwise: number): number => {
    if (at + width > data.length) throw xrefFault('cross-reference stream too short', offset);
    let value = width === 0 ? otherwise : 0;
    for (const end = at + width; at < end; at += 1) value = value * 256 + (data[at] ?? 0);
    return value;
  };
  const [typeWidth = 0, placeWidth = 0, detailWidth = 0] = widths;
  for (let pair = 0; pair < index.length; pair += 2) {
    const [first, count] = [index[pair] ?? 0, index[pair + 1] ?? 0];
    if (count > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
    for (let number = first; number < first + count; number += 1) {
      const [type, second, third] = [field(typeWidth, 1), field(placeWidth, 0), field(detailWidth, 0)];
      put(number, toEntry(type, second, third));
    }
  }
  if (at !== data.length) throw xrefFault('cross-reference stream too long', offset);
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
    if (item === undefined || item < 0) throw xrefFault(`${key} is no list of whole numbers`, offset);
    return item;
  });
}
