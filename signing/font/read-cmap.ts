/** From characters to glyphs: the `cmap` table, formats 4 and 12 (ISO/IEC 14496-22 §5.2.1). */

/** Code point → glyph id, 0 when the font has none. */
export type GlyphLookup = (codePoint: number) => number;

/** Take the widest Unicode map of the table; one that is not there finds nothing. */
export function readCmap(cmap: DataView): GlyphLookup {
  let best: { readonly format: number; readonly table: DataView } | undefined;
  for (let i = 0; i < cmap.getUint16(2); i++) {
    const platform = cmap.getUint16(4 + i * 8);
    const encoding = cmap.getUint16(6 + i * 8);
    const unicode = platform === 0 ? encoding !== 5 : platform === 3 && (encoding === 1 || encoding === 10);
    if (!unicode) continue;
    const offset = cmap.getUint32(8 + i * 8);
    const format = cmap.getUint16(offset);
    if ((format !== 4 && format !== 12) || (best !== undefined && best.format >= format)) continue;
    best = { format, table: new DataView(cmap.buffer, cmap.byteOffset + offset, cmap.byteLength - offset) };
  }
  if (best === undefined) return () => 0;
  return best.format === 12 ? readFormat12(best.table) : readFormat4(best.table);
}

function readFormat12(table: DataView): GlyphLookup {
  const count = table.getUint32(12);
  return (codePoint) => {
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = 16 + middle * 12;
      const first = table.getUint32(at);
      if (codePoint < first) high = middle - 1;
      else if (codePoint > table.getUint32(at + 4)) low = middle + 1;
      else return table.getUint32(at + 8) + codePoint - first;
    }
    return 0;
  };
}

function readFormat4(table: DataView): GlyphLookup {
  const doubled = table.getUint16(6);
  const starts = 16 + doubled;
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    for (let i = 0; i < doubled; i += 2) {
      if (codePoint > table.getUint16(14 + i)) continue;
      const first = table.getUint16(starts + i);
      if (codePoint < first) return 0;
      const delta = table.getUint16(starts + doubled + i);
      const rangeAt = starts + 2 * doubled + i;
      const range = table.getUint16(rangeAt);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const glyph = table.getUint16(rangeAt + range + 2 * (codePoint - first));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
