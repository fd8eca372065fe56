/** Cut a TrueType font down to some characters. Each character gets its own glyph, in ascending order of code points,
 *  so that text taken back from a document is exact even where a font draws two characters alike. */
import type { Font } from './open-font.ts';
import { glyphBytes } from './open-font.ts';
import { getTable } from './sfnt.ts';
import type { FontSubset } from './subset.ts';
import { writeCmap } from './write-cmap.ts';
import { writeName } from './write-name.ts';
import { writeSfnt } from './write-sfnt.ts';

const ARGUMENTS_ARE_WORDS = 0x0001;
const HAS_SCALE = 0x0008;
const MORE_COMPONENTS = 0x0020;
const HAS_TWO_SCALES = 0x0040;
const HAS_MATRIX = 0x0080;

/** @param codePoints ascending, each with a glyph in the font */
export function subsetTrueType(font: Font, codePoints: readonly number[], name: string): FontSubset {
  const glyphs = new Map(codePoints.map((codePoint, i) => [codePoint, i + 1]));
  const originals = [0, ...codePoints.map((codePoint) => font.glyphOf(codePoint))];
  const outlines = copyOutlines(font, originals);
  const { glyf, loca } = joinOutlines(outlines);
  const hmtx = new DataView(new ArrayBuffer(originals.length * 4));
  originals.forEach((original, i) => {
    hmtx.setUint16(i * 4, font.advanceOf(original));
    hmtx.setInt16(i * 4 + 2, outlines[i] !== undefined && outlines[i].length > 0 ? readInt16(outlines[i], 2) : 0);
  });
  const tables = new Map<string, Uint8Array>([
    ['OS/2', copyTable(font, 'OS/2') ?? new Uint8Array(0)],
    ['cmap', writeCmap(glyphs)],
    ['glyf', glyf],
    ['head', patched(font, 'head', (head) => head.setInt16(50, 1))],
    ['hhea', patched(font, 'hhea', (hhea) => hhea.setUint16(34, originals.length))],
    ['hmtx', new Uint8Array(hmtx.buffer)],
    ['loca', loca],
    ['maxp', patched(font, 'maxp', (maxp) => maxp.setUint16(4, originals.length))],
    ['name', writeName(font, name)],
    ['post', patched(font, 'post', (post) => post.setUint32(0, 0x00030000), 32)],
  ]);
  for (const tag of ['cvt ', 'fpgm', 'prep', 'gasp']) {
    const table = copyTable(font, tag);
    if (table !== undefined) tables.set(tag, table);
  }
  return {
    bytes: writeSfnt(0x00010000, tables),
    outlines: 'glyf',
    name,
    unitsPerEm: font.unitsPerEm,
    glyphs,
    codes: glyphs,
  };
}

/** Outlines in the new order; components of composite glyphs are added behind `originals` and renumbered. */
function copyOutlines(font: Font, originals: number[]): Uint8Array[] {
  const places = new Map<number, number>();
  const outlines: Uint8Array[] = [];
  for (let i = 0; i < originals.length; i++) {
    const view = glyphBytes(font.sfnt, originals[i] ?? 0);
    const outline = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
    if (outline.length >= 10 && readInt16(outline, 0) < 0) {
      renumberComponents(outline, (component) => {
        let place = places.get(component);
        if (place === undefined) {
          place = originals.push(component) - 1;
          places.set(component, place);
        }
        return place;
      });
    }
    outlines.push(outline);
  }
  return outlines;
}

function renumberComponents(outline: Uint8Array, place: (component: number) => number): void {
  const view = new DataView(outline.buffer, outline.byteOffset, outline.byteLength);
  for (let at = 10, more = true; more; ) {
    const flags = view.getUint16(at);
    view.setUint16(at + 2, place(view.getUint16(at + 2)));
    at += 4 + (flags & ARGUMENTS_ARE_WORDS ? 4 : 2);
    if (flags & HAS_SCALE) at += 2;
    else if (flags & HAS_TWO_SCALES) at += 4;
    else if (flags & HAS_MATRIX) at += 8;
    more = (flags & MORE_COMPONENTS) !== 0;
  }
}

function joinOutlines(outlines: readonly Uint8Array[]): { glyf: Uint8Array; loca: Uint8Array } {
  const padded = outlines.map((outline) => (outline.length + 3) & ~3);
  const glyf = new Uint8Array(padded.reduce((sum, length) => sum + length, 0));
  const loca = new DataView(new ArrayBuffer((outlines.length + 1) * 4));
  let at = 0;
  outlines.forEach((outline, i) => {
    glyf.set(outline, at);
    at += padded[i] ?? 0;
    loca.setUint32((i + 1) * 4, at);
  });
  return { glyf, loca: new Uint8Array(loca.buffer) };
}

function copyTable(font: Font, tag: string, length?: number): Uint8Array | undefined {
  const table = font.sfnt.tables.get(tag);
  if (table === undefined) return undefined;
  return new Uint8Array(table.buffer, table.byteOffset, length ?? table.byteLength).slice();
}

function patched(font: Font, tag: string, patch: (view: DataView) => void, length?: number): Uint8Array {
  getTable(font.sfnt.tables, tag);
  const table = copyTable(font, tag, length) ?? new Uint8Array(0);
  patch(new DataView(table.buffer));
  return table;
}

function readInt16(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt16(at);
}
