/** A subset as a composite font (ISO 32000-1 §9.7): Identity-H, two-byte codes that name the subset's glyphs. Written by
 *  hand, so that no font is parsed again for every document. */
import { deflateSync } from 'node:zlib';
import type { PDFContext, PDFRef } from 'pdf-lib';
import { PDFRawStream, PDFString } from 'pdf-lib';
import type { Font } from '../font/open-font.ts';
import { getTable, readSfnt } from '../font/sfnt.ts';
import type { FontSubset } from '../font/subset.ts';

const SYMBOLIC = 4;

export function embedFont(context: PDFContext, font: Font, subset: FontSubset): PDFRef {
  const em = (value: number) => Math.round((value * 1000 * 1000) / font.unitsPerEm) / 1000;
  const trueType = subset.outlines === 'glyf';
  const file = trueType
    ? putStream(context, subset.bytes, { Length1: subset.bytes.length })
    : putStream(context, takeOutCff(subset), { Subtype: 'CIDFontType0C' });
  const descriptor = context.register(
    context.obj({
      Type: 'FontDescriptor',
      FontName: subset.name,
      Flags: SYMBOLIC,
      FontBBox: font.box.map(em),
      ItalicAngle: 0,
      Ascent: em(font.ascent),
      Descent: em(font.descent),
      CapHeight: em(font.capHeight),
      StemV: font.weight >= 600 ? 140 : 80,
      [trueType ? 'FontFile2' : 'FontFile3']: file,
    }),
  );
  const widths = [...subset.codes].flatMap(([codePoint, code]) => [
    code,
    [em(font.advanceOf(font.glyphOf(codePoint)))],
  ]);
  const descendant = context.register(
    context.obj({
      Type: 'Font',
      Subtype: trueType ? 'CIDFontType2' : 'CIDFontType0',
      BaseFont: subset.name,
      CIDSystemInfo: { Registry: PDFString.of('Adobe'), Ordering: PDFString.of('Identity'), Supplement: 0 },
      FontDescriptor: descriptor,
      DW: 1000,
      W: widths,
      ...(trueType ? { CIDToGIDMap: 'Identity' } : {}),
    }),
  );
  return context.register(
    context.obj({
      Type: 'Font',
      Subtype: 'Type0',
      BaseFont: subset.name,
      Encoding: 'Identity-H',
      DescendantFonts: [descendant],
      ToUnicode: putStream(context, new TextEncoder().encode(writeToUnicode(subset.codes)), {}),
    }),
  );
}

/** The bare CFF program: readers agree on it, while they differ about CIDs inside an OpenType file. */
function takeOutCff(subset: FontSubset): Uint8Array {
  const table = getTable(readSfnt(subset.bytes).tables, 'CFF ');
  return new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
}

/** Nearly as small as the default level, in half the time. */
const LEVEL = 3;

/** Register a deflated stream. */
export function putStream(
  context: PDFContext,
  bytes: Uint8Array,
  entries: Readonly<Record<string, string | number>>,
): PDFRef {
  const packed = deflateSync(bytes, { level: LEVEL });
  return context.register(
    PDFRawStream.of(context.obj({ ...entries, Filter: 'FlateDecode', Length: packed.length }), packed),
  );
}

const MOST_PER_BLOCK = 100;

function writeToUnicode(codes: ReadonlyMap<number, number>): string {
  const pairs = [...codes].map(([codePoint, code]) => `<${hex(code)}> <${utf16(codePoint)}>`);
  const blocks: string[] = [];
  for (let i = 0; i < pairs.length; i += MOST_PER_BLOCK) {
    const block = pairs.slice(i, i + MOST_PER_BLOCK);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange',
    '<0000> <FFFF>',
    'endcodespacerange',
    ...blocks,
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end',
  ].join('\n');
}

function utf16(codePoint: number): string {
  const text = String.fromCodePoint(codePoint);
  let digits = '';
  for (let i = 0; i < text.length; i++) digits += hex(text.charCodeAt(i));
  return digits;
}

/** Four hexadecimal digits. */
export function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}
