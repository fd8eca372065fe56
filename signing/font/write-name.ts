/** Write a `name` table: the subset's own names, and the copyright and licence of the font it was cut from. */
import type { Font } from './open-font.ts';

const WINDOWS = 3;
const UNICODE_BMP = 1;
const ENGLISH = 0x0409;
const KEPT = new Set([0, 13, 14]);

/** @param name PostScript name of the subset */
export function writeName(font: Font, name: string): Uint8Array {
  const family = name.replace(/-[^-]*$/, '');
  const records = new Map<number, string>([
    [1, family],
    [2, font.weight >= 600 ? 'Bold' : 'Regular'],
    [3, name],
    [4, name],
    [6, name],
    ...keptNames(font),
  ]);
  const ids = [...records.keys()].sort((a, b) => a - b);
  const storage = 6 + ids.length * 12;
  const length = ids.reduce((sum, id) => sum + 2 * (records.get(id)?.length ?? 0), storage);
  const view = new DataView(new ArrayBuffer(length));
  view.setUint16(2, ids.length);
  view.setUint16(4, storage);
  let at = 0;
  ids.forEach((id, i) => {
    const text = records.get(id) ?? '';
    const entry = 6 + i * 12;
    for (const [j, value] of [WINDOWS, UNICODE_BMP, ENGLISH, id, text.length * 2, at].entries()) {
      view.setUint16(entry + j * 2, value);
    }
    for (let j = 0; j < text.length; j++) view.setUint16(storage + at + j * 2, text.charCodeAt(j));
    at += text.length * 2;
  });
  return new Uint8Array(view.buffer);
}

function keptNames(font: Font): [number, string][] {
  const table = font.sfnt.tables.get('name');
  if (table === undefined) return [];
  const storage = table.getUint16(4);
  const kept: [number, string][] = [];
  for (let i = 0, at = 6; i < table.getUint16(2); i++, at += 12) {
    const id = table.getUint16(at + 6);
    if (table.getUint16(at) !== WINDOWS || table.getUint16(at + 4) !== ENGLISH || !KEPT.has(id)) continue;
    const start = storage + table.getUint16(at + 10);
    let text = '';
    for (let j = 0; j < table.getUint16(at + 8); j += 2) text += String.fromCharCode(table.getUint16(start + j));
    kept.push([id, text]);
  }
  return kept;
}
