/** One font, opened once and kept: metrics, characters, outlines' extents (ISO/IEC 14496-22).
 *  Lengths are font units unless a name says otherwise. */
import { readCmap } from './read-cmap.ts';
import type { Sfnt } from './sfnt.ts';
import { getTable, readSfnt } from './sfnt.ts';

export interface Font {
  /** Unique in a font book, and stable: the file name and the number inside a collection. */
  readonly id: string;
  /** PostScript name, as PDF and OFD show it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly index: number;
  readonly sfnt: Sfnt;
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  readonly capHeight: number;
  readonly weight: number;
  readonly box: readonly [xMin: number, yMin: number, xMax: number, yMax: number];
  readonly glyphCount: number;
  /** 0 when the font has no glyph for the character. */
  glyphOf(codePoint: number): number;
  advanceOf(glyph: number): number;
  /** Extent of a glyph's outline; undefined when it is empty, or not known (CFF). */
  extentOf(glyph: number): readonly [xMin: number, yMin: number, xMax: number, yMax: number] | undefined;
}

/** Open a font of a file.
 *  @throws SigningError MALFORMED, UNSUPPORTED */
export function openFont(id: string, bytes: Uint8Array, index = 0): Font {
  const sfnt = readSfnt(bytes, index);
  const head = getTable(sfnt.tables, 'head');
  const hhea = getTable(sfnt.tables, 'hhea');
  const hmtx = getTable(sfnt.tables, 'hmtx');
  const os2 = sfnt.tables.get('OS/2');
  const longMetrics = hhea.getUint16(34);
  return {
    id,
    name: readPostScriptName(sfnt) ?? id.replace(/[^A-Za-z0-9-]/g, ''),
    bytes,
    index,
    sfnt,
    unitsPerEm: head.getUint16(18),
    ascent: hhea.getInt16(4),
    descent: hhea.getInt16(6),
    capHeight: os2 !== undefined && os2.byteLength >= 90 ? os2.getInt16(88) : hhea.getInt16(4),
    weight: os2?.getUint16(4) ?? 400,
    box: [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)],
    glyphCount: getTable(sfnt.tables, 'maxp').getUint16(4),
    glyphOf: readCmap(getTable(sfnt.tables, 'cmap')),
    advanceOf: (glyph) => hmtx.getUint16(4 * Math.min(glyph, longMetrics - 1)),
    extentOf: (glyph) => readExtent(sfnt, glyph),
  };
}

/** Bytes of a glyph's outline in `glyf`; empty for a blank. */
export function glyphBytes(sfnt: Sfnt, glyph: number): DataView {
  const loca = getTable(sfnt.tables, 'loca');
  const glyf = getTable(sfnt.tables, 'glyf');
  const long = getTable(sfnt.tables, 'head').getInt16(50) === 1;
  const start = long ? loca.getUint32(glyph * 4) : 2 * loca.getUint16(glyph * 2);
  const end = long ? loca.getUint32(glyph * 4 + 4) : 2 * loca.getUint16(glyph * 2 + 2);
  return new DataView(glyf.buffer, glyf.byteOffset + start, end - start);
}

function readExtent(sfnt: Sfnt, glyph: number): readonly [number, number, number, number] | undefined {
  if (sfnt.outlines === 'cff') return undefined;
  const outline = glyphBytes(sfnt, glyph);
  if (outline.byteLength < 10) return undefined;
  return [outline.getInt16(2), outline.getInt16(4), outline.getInt16(6), outline.getInt16(8)];
}

const POSTSCRIPT_NAME = 6;

function readPostScriptName(sfnt: Sfnt): string | undefined {
  const table = sfnt.tables.get('name');
  if (table === undefined) return undefined;
  const storage = table.getUint16(4);
  for (let i = 0, at = 6; i < table.getUint16(2); i++, at += 12) {
    if (table.getUint16(at) !== 3 || table.getUint16(at + 6) !== POSTSCRIPT_NAME) continue;
    const start = storage + table.getUint16(at + 10);
    let name = '';
    for (let j = 0; j < table.getUint16(at + 8); j += 2) name += String.fromCharCode(table.getUint16(start + j));
    return name.replace(/[^A-Za-z0-9-]/g, '');
  }
  return undefined;
}
