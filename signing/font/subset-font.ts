/** Cut a font down to some characters: deterministic, the same bytes for the same set. */
import { createHash } from 'node:crypto';
import { SigningError } from '../error.ts';
import type { Font } from './open-font.ts';
import type { FontSubset } from './subset.ts';
import { subsetCff } from './subset-cff.ts';
import { subsetTrueType } from './subset-truetype.ts';

/** @throws SigningError GLYPH_MISSING when the font lacks one of the characters */
export function subsetFont(font: Font, codePoints: Iterable<number>): FontSubset {
  const wanted = [...new Set(codePoints)].sort((a, b) => a - b);
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
