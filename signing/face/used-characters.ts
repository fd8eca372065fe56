/** Which characters of which font a face draws. */
import type { Font } from '../font/open-font.ts';
import type { LaidOutFace } from './laid-out-face.ts';

/** Fonts in the order they first appear. */
export function usedCharacters(face: LaidOutFace): Map<Font, Set<number>> {
  const used = new Map<Font, Set<number>>();
  for (const page of face.pages) {
    for (const mark of page.marks) {
      if (mark.kind !== 'glyphs') continue;
      let characters = used.get(mark.font);
      if (characters === undefined) {
        characters = new Set();
        used.set(mark.font, characters);
      }
      for (const glyph of mark.glyphs) characters.add(glyph.codePoint);
    }
  }
  return used;
}
