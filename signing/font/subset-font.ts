/** Cut a font down to some characters: deterministic, the same bytes for the same set. */
import { createHash } from 'node:crypto';
import { BoundedCache } from '../bounded-cache.ts';
import { SigningError } from '../error.ts';
import type { Font } from './open-font.ts';
import type { FontSubset } from './subset.ts';
import { subsetCff } from './subset-cff.ts';
import { subsetTrueType } from './subset-truetype.ts';

/** The OFD and the PDF of one licence ask for the same characters, one after the other. */
const recent = new WeakMap<Font, BoundedCache<FontSubset>>();
const KEPT_PER_FONT = 4;

/** @throws SigningError GLYPH_MISSING when the font lacks one of the characters */
export function subsetFont(font: Font, codePoints: Iterable<number>): FontSubset {
  const wanted = [...new Set(codePoints)].sort((a, b) => a - b);
  const kept = recent.get(font) ?? new BoundedCache<FontSubset>(KEPT_PER_FONT);
  recent.set(font, kept);
  return kept.get(wanted.join(' '), () => cut(font, wanted));
}

function cut(font: Font, wanted: readonly number[]): FontSubset {
  for (const codePoint of wanted) {
    if (font.glyphOf(codePoint) === 0) {
      throw new SigningError('GLYPH_MISSING', 'the font has no glyph for a character', { font: font.id, codePoint });
    }
  }
  const name = `${subsetTag(font, wanted)}+${font.name}`;
  return font.sfnt.outlines === 'glyf' ? subsetTrueType(font, wanted, name) : subsetCff(font, wanted, name);
}

function subsetTag(font: Font, codePoints: readonly number[]): string {
  const digest = createHash('sha256')
    .update(`${font.id} ${codePoints.join(' ')}`)
    .digest();
  return String.fromCharCode(...digest.subarray(0, 6).map((byte) => 65 + (byte % 26)));
}
