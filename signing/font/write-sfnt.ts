/** Write a font file from its tables, with all checksums (ISO/IEC 14496-22 §4.5). */

const WHOLE_FILE_SUM = 0xb1b0afba;

/** @param kind 0x00010000 for TrueType outlines, `OTTO` for CFF */
export function writeSfnt(kind: number, tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const tags = [...tables.keys()].filter((tag) => tables.get(tag)?.length !== 0).sort();
  const power = Math.floor(Math.log2(tags.length));
  let length = 12 + tags.length * 16;
  for (const tag of tags) length += ((tables.get(tag)?.length ?? 0) + 3) & ~3;
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  view.setUint32(0, kind);
  view.setUint16(4, tags.length);
  view.setUint16(6, 16 * 2 ** power);
  view.setUint16(8, power);
  view.setUint16(10, tags.length * 16 - 16 * 2 ** power);
  let at = 12 + tags.length * 16;
  let headAt = 0;
  tags.forEach((tag, i) => {
    const table = tables.get(tag) ?? new Uint8Array(0);
    file.set(table, at);
    if (tag === 'head') {
      headAt = at;
      view.setUint32(at + 8, 0);
    }
    const entry = 12 + i * 16;
    for (let j = 0; j < 4; j++) view.setUint8(entry + j, tag.charCodeAt(j));
    view.setUint32(entry + 4, sum(view, at, (table.length + 3) & ~3));
    view.setUint32(entry + 8, at);
    view.setUint32(entry + 12, table.length);
    at += (table.length + 3) & ~3;
  });
  view.setUint32(headAt + 8, (WHOLE_FILE_SUM - sum(view, 0, length)) >>> 0);
  return file;
}

function sum(view: DataView, start: number, length: number): number {
  let total = 0;
  for (let at = start; at < start + length; at += 4) total = (total + view.getUint32(at)) >>> 0;
  return total;
}
