/** The character identifiers of a CID-keyed CFF font (Adobe Technical Note 5176 §13, §18): PDF names glyphs by them, not
 *  by their place in the font (ISO 32000-1 §9.7.4.2). */
import { SigningError } from '../error.ts';

const CHARSET = 15;
const CHAR_STRINGS = 17;
const REGISTRY_ORDERING = 0x0c1e;

/** CID of each glyph; undefined for a font that is not CID-keyed, where the glyph itself is meant.
 *  @throws SigningError MALFORMED */
export function readCffCids(cff: DataView): readonly number[] | undefined {
  try {
    const names = readIndex(cff, cff.getUint8(2));
    const tops = readIndex(cff, names.end);
    const top = readDict(cff, tops.starts[0] ?? 0, tops.starts[1] ?? 0);
    if (!top.has(REGISTRY_ORDERING)) return undefined;
    const count = cff.getUint16(top.get(CHAR_STRINGS) ?? 0);
    return readCharset(cff, top.get(CHARSET) ?? 0, count);
  } catch (error) {
    if (error instanceof RangeError)
      throw new SigningError('MALFORMED', 'the CFF table is cut short', {}, { cause: error });
    throw error;
  }
}

interface Index {
  /** Start of each object, and the end of the last. */
  readonly starts: readonly number[];
  readonly end: number;
}

function readIndex(cff: DataView, at: number): Index {
  const count = cff.getUint16(at);
  if (count === 0) return { starts: [], end: at + 2 };
  const width = cff.getUint8(at + 2);
  const data = at + 2 + (count + 1) * width;
  const starts = Array.from({ length: count + 1 }, (_, i) => {
    let offset = 0;
    for (let j = 0; j < width; j++) offset = offset * 256 + cff.getUint8(at + 3 + i * width + j);
    return data + offset;
  });
  return { starts, end: starts.at(-1) ?? data };
}

/** The last operand of each operator; two-byte operators as 0x0cNN. */
function readDict(cff: DataView, start: number, end: number): Map<number, number> {
  const entries = new Map<number, number>();
  let operand = 0;
  for (let at = start; at < end; ) {
    const first = cff.getUint8(at);
    if (first === 12) {
      entries.set(0x0c00 | cff.getUint8(at + 1), operand);
      at += 2;
    } else if (first <= 21) {
      entries.set(first, operand);
      at += 1;
    } else {
      const { value, length } = readOperand(cff, at, first);
      operand = value;
      at += length;
    }
  }
  return entries;
}

function readOperand(cff: DataView, at: number, first: number): { value: number; length: number } {
  if (first === 28) return { value: cff.getInt16(at + 1), length: 3 };
  if (first === 29) return { value: cff.getInt32(at + 1), length: 5 };
  if (first === 30) {
    let length = 1;
    while ((cff.getUint8(at + length) & 0x0f) !== 0x0f) length++;
    return { value: Number.NaN, length: length + 1 };
  }
  if (first <= 246) return { value: first - 139, length: 1 };
  const second = cff.getUint8(at + 1);
  const value = first <= 250 ? (first - 247) * 256 + second + 108 : -(first - 251) * 256 - second - 108;
  return { value, length: 2 };
}

function readCharset(cff: DataView, at: number, count: number): number[] {
  const cids = [0];
  const format = cff.getUint8(at);
  for (let place = at + 1; cids.length < count; ) {
    const first = cff.getUint16(place);
    const left = format === 0 ? 0 : format === 1 ? cff.getUint8(place + 2) : cff.getUint16(place + 2);
    for (let i = 0; i <= left && cids.length < count; i++) cids.push(first + i);
    place += 2 + format;
  }
  return cids;
}
