/** Fonts for drawing on a canvas. The drawing library keeps registered fonts for the life of the process, so each is
 *  registered once, under a name of its own. */
import { createHash } from 'node:crypto';
import { GlobalFonts } from '@napi-rs/canvas';
import type { Font } from './open-font.ts';

const families = new WeakMap<Font, string>();

/** The family name under which a canvas knows the font. */
export function canvasFamily(font: Font): string {
  let family = families.get(font);
  if (family === undefined) {
    family = `face-${createHash('sha256').update(font.id).update(font.bytes).digest('hex').slice(0, 16)}`;
    GlobalFonts.register(Buffer.from(font.bytes.buffer, font.bytes.byteOffset, font.bytes.byteLength), family);
    families.set(font, family);
  }
  return family;
}
