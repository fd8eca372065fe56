/** The table directory of a TrueType or OpenType font file or collection (ISO/IEC 14496-22 §4.5, TTC §4.6). */
import { SigningError } from '../error.ts';

/** Tables by tag; each a view on the file's bytes. */
export type SfntTables = ReadonlyMap<string, DataView>;

export interface Sfnt {
  readonly tables: SfntTables;
  /** Outlines: quadratic in `glyf`, or cubic in `CFF `. */
  readonly outlines: 'glyf' | 'cff';
}

const TRUETYPE = 0x00010000;
const TRUETYPE_APPLE = 0x74727565;
const OPENTYPE_CFF = 0x4f54544f;
const COLLECTION = 0x74746366;

/** Number of fonts in a file: 1, or more in a collection.
 *  @throws SigningError UNSUPPORTED for a file that is no font of these kinds */
export function countFonts(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return guarded(() => {
    const kind = view.getUint32(0);
    if (kind === COLLECTION) return view.getUint32(8);
    if (kind === TRUETYPE || kind === TRUETYPE_APPLE || kind === OPENTYPE_CFF) return 1;
    throw new SigningError('UNSUPPORTED', 'not a TrueType or OpenType font');
  });
}

/** Open the font number `index` of a file.
 *  @throws SigningError MALFORMED when its tables lie outside the file, UNSUPPORTED without outlines we know */
export function readSfnt(bytes: Uint8Array, index = 0): Sfnt {
  const count = countFonts(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = guarded(() => {
    const start = view.getUint32(0) === COLLECTION ? view.getUint32(12 + 4 * Math.min(index, count - 1)) : 0;
    const found = new Map<string, DataView>();
    for (let i = 0, at = start + 12; i < view.getUint16(start + 4); i++, at += 16) {
      const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
      found.set(tag, new DataView(bytes.buffer, bytes.byteOffset + view.getUint32(at + 8), view.getUint32(at + 12)));
    }
    return found;
  });
  if (tables.has('glyf') && tables.has('loca')) return { tables, outlines: 'glyf' };
  if (tables.has('CFF ')) return { tables, outlines: 'cff' };
  throw new SigningError('UNSUPPORTED', 'the font has neither glyf nor CFF outlines');
}

/** A table that every font has.
 *  @throws SigningError MALFORMED when it is not there */
export function getTable(tables: SfntTables, tag: string): DataView {
  const table = tables.get(tag);
  if (table === undefined) throw new SigningError('MALFORMED', 'the font lacks a table', { table: tag });
  return table;
}

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError)
      throw new SigningError('MALFORMED', 'the font file is cut short', {}, { cause: error });
    throw error;
  }
}
