/** Cut a font with CFF outlines down to some characters, with HarfBuzz: such fonts come only from an operator's own
 *  font folder, so that the slower way is good enough. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SigningError } from '../error.ts';
import type { Font } from './open-font.ts';
import { readCffCids } from './read-cff-cids.ts';
import { readCmap } from './read-cmap.ts';
import { getTable, readSfnt } from './sfnt.ts';
import type { FontSubset } from './subset.ts';

interface HarfBuzz {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(length: number): number;
  hb_blob_create(data: number, length: number, mode: number, userData: number, destroy: number): number;
  hb_blob_destroy(blob: number): void;
  hb_blob_get_data(blob: number, length: number): number;
  hb_blob_get_length(blob: number): number;
  hb_face_create(blob: number, index: number): number;
  hb_face_destroy(face: number): void;
  hb_face_reference_blob(face: number): number;
  hb_set_add(set: number, value: number): void;
  hb_subset_input_create_or_fail(): number;
  hb_subset_input_destroy(input: number): void;
  hb_subset_input_unicode_set(input: number): number;
  hb_subset_or_fail(face: number, input: number): number;
}

/** Node's own global, which the compiler knows only with the browser's library. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const WRITABLE = 2;
let harfBuzz: HarfBuzz | undefined;
/** Fonts stay loaded: copying megabytes for every document would cost more than the cutting. */
const loaded = new WeakMap<Font, number>();

/** @throws SigningError UNSUPPORTED when HarfBuzz cannot cut the font */
export function subsetCff(font: Font, codePoints: readonly number[], name: string): FontSubset {
  const hb = openHarfBuzz();
  const input = hb.hb_subset_input_create_or_fail();
  const wanted = hb.hb_subset_input_unicode_set(input);
  for (const codePoint of codePoints) hb.hb_set_add(wanted, codePoint);
  const face = hb.hb_subset_or_fail(loadFace(hb, font), input);
  hb.hb_subset_input_destroy(input);
  if (face === 0) throw new SigningError('UNSUPPORTED', 'the font cannot be cut', { font: font.id });
  const blob = hb.hb_face_reference_blob(face);
  const start = hb.hb_blob_get_data(blob, 0);
  const bytes = new Uint8Array(hb.memory.buffer.slice(start, start + hb.hb_blob_get_length(blob)));
  hb.hb_blob_destroy(blob);
  hb.hb_face_destroy(face);
  const { tables } = readSfnt(bytes);
  const glyphOf = readCmap(getTable(tables, 'cmap'));
  const cids = readCffCids(getTable(tables, 'CFF '));
  const glyphs = new Map(codePoints.map((codePoint) => [codePoint, glyphOf(codePoint)]));
  const codes =
    cids === undefined ? glyphs : new Map([...glyphs].map(([codePoint, glyph]) => [codePoint, cids[glyph] ?? 0]));
  return { bytes, outlines: 'cff', name, unitsPerEm: font.unitsPerEm, glyphs, codes };
}

function openHarfBuzz(): HarfBuzz {
  if (harfBuzz !== undefined) return harfBuzz;
  const wasm = readFileSync(createRequire(import.meta.url).resolve('harfbuzzjs/dist/harfbuzz-subset.wasm'));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
  harfBuzz = exports as HarfBuzz;
  return harfBuzz;
}

function loadFace(hb: HarfBuzz, font: Font): number {
  const known = loaded.get(font);
  if (known !== undefined) return known;
  const place = hb.malloc(font.bytes.length);
  new Uint8Array(hb.memory.buffer).set(font.bytes, place);
  const face = hb.hb_face_create(hb.hb_blob_create(place, font.bytes.length, WRITABLE, 0, 0), font.index);
  loaded.set(font, face);
  return face;
}
