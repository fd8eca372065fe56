/** The samples of a PNG that is not interlaced: unpacked, and the filter of each row undone (ISO/IEC 15948 §9.2, §10). */
import { inflateSync } from 'node:zlib';
import { SigningError } from '../error.ts';

/** @param data the joined IDAT chunks
 *  @param step bytes of a whole pixel, at least 1
 *  @throws SigningError MALFORMED */
export function readPngRows(data: Uint8Array, rowBytes: number, rowCount: number, step: number): Uint8Array {
  const raw = inflate(data, rowCount * (rowBytes + 1));
  const rows = new Uint8Array(rowBytes * rowCount);
  for (let row = 0; row < rowCount; row++) {
    const filter = raw[row * (rowBytes + 1)] ?? 0;
    if (filter > 4) throw new SigningError('MALFORMED', 'a PNG has an unknown filter', { filter });
    const start = row * rowBytes;
    for (let i = 0; i < rowBytes; i++) {
      const left = i < step ? 0 : (rows[start + i - step] ?? 0);
      const above = row === 0 ? 0 : (rows[start + i - rowBytes] ?? 0);
      const corner = i < step || row === 0 ? 0 : (rows[start + i - rowBytes - step] ?? 0);
      rows[start + i] = (raw[row * (rowBytes + 1) + 1 + i] ?? 0) + guess(filter, left, above, corner);
    }
  }
  return rows;
}

function inflate(data: Uint8Array, length: number): Uint8Array {
  try {
    const raw = inflateSync(data, { maxOutputLength: length });
    if (raw.length === length) return raw;
  } catch (cause) {
    throw new SigningError('MALFORMED', 'the data of a PNG cannot be unpacked', {}, { cause });
  }
  throw new SigningError('MALFORMED', 'a PNG is cut short');
}

/** Every byte is kept as its difference to a guess from its neighbours. */
function guess(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return paeth(left, above, corner);
    default:
      return 0;
  }
}

/** The neighbour nearest to left + above − corner (§9.4). */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
