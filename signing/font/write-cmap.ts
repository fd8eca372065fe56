/** Write a `cmap` table: format 4 for readers that know no other, and format 12 for all characters. */

/** @param glyphs code point → glyph, in ascending order of code points */
export function writeCmap(glyphs: ReadonlyMap<number, number>): Uint8Array {
  const basic = writeFormat4([...glyphs].filter(([codePoint]) => codePoint < 0xffff));
  const full = writeFormat12([...glyphs]);
  const HEADER = 4 + 2 * 8;
  const table = new Uint8Array(HEADER + basic.length + full.length);
  const view = new DataView(table.buffer);
  view.setUint16(2, 2);
  view.setUint16(4, 3);
  view.setUint16(6, 1);
  view.setUint32(8, HEADER);
  view.setUint16(12, 3);
  view.setUint16(14, 10);
  view.setUint32(16, HEADER + basic.length);
  table.set(basic, HEADER);
  table.set(full, HEADER + basic.length);
  return table;
}

type Pair = readonly [codePoint: number, glyph: number];
type Run = { readonly first: number; last: number; readonly glyph: number };

/** Neighbouring characters whose glyphs are neighbours too. */
function joinRuns(pairs: readonly Pair[]): Run[] {
  const runs: Run[] = [];
  for (const [codePoint, glyph] of pairs) {
    const run = runs.at(-1);
    if (run !== undefined && run.last + 1 === codePoint && run.glyph + codePoint - run.first === glyph)
      run.last = codePoint;
    else runs.push({ first: codePoint, last: codePoint, glyph });
  }
  return runs;
}

function writeFormat4(pairs: readonly Pair[]): Uint8Array {
  const runs = [...joinRuns(pairs), { first: 0xffff, last: 0xffff, glyph: 0 }];
  const view = new DataView(new ArrayBuffer(16 + runs.length * 8));
  const power = Math.floor(Math.log2(runs.length));
  const doubled = runs.length * 2;
  view.setUint16(0, 4);
  view.setUint16(2, view.byteLength);
  view.setUint16(6, doubled);
  view.setUint16(8, 2 * 2 ** power);
  view.setUint16(10, power);
  view.setUint16(12, doubled - 2 * 2 ** power);
  runs.forEach((run, i) => {
    view.setUint16(14 + i * 2, run.last);
    view.setUint16(16 + doubled + i * 2, run.first);
    view.setUint16(16 + 2 * doubled + i * 2, (run.glyph - run.first) & 0xffff);
  });
  return new Uint8Array(view.buffer);
}

function writeFormat12(pairs: readonly Pair[]): Uint8Array {
  const runs = joinRuns(pairs);
  const view = new DataView(new ArrayBuffer(16 + runs.length * 12));
  view.setUint16(0, 12);
  view.setUint32(4, view.byteLength);
  view.setUint32(12, runs.length);
  runs.forEach((run, i) => {
    view.setUint32(16 + i * 12, run.first);
    view.setUint32(20 + i * 12, run.last);
    view.setUint32(24 + i * 12, run.glyph);
  });
  return new Uint8Array(view.buffer);
}
