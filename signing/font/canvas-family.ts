/** Fonts for drawing on a canvas. The drawing library keeps registered fonts for the life of the process, so each is
 *  registered once, under a name of its own. */
import { createHash } from 'node:crypto';
import { GlobalFonts } from '@napi-rs/canvas';
import type { Font } from './open-font.ts';
import { countFonts } from './sfnt.ts';
import { writeSfnt } from './write-sfnt.ts';

const families = new WeakMap<Font, string>();

/** The family name under which a canvas knows the font. */
export function canvasFamily(font: Font): string {
  let family = families.get(font);
  if (family === undefined) {
    family = `face-${createHash('sha256').update(font.id).update(font.bytes).digest('hex').slice(0, 16)}`;
    const bytes = takeOutOfCollection(font);
    GlobalFonts.register(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), family);
    families.set(font, family);
  }
  return family;
}

const TRUETYPE = 0x00010000;
const OPENTYPE_CFF = 0x4f54544f;

/** The drawing library opens only the first font of a collection. */
function takeOutOfCollection(font: Font): Uint8Array {
  if (countFonts(font.bytes) === 1) return font.bytes;
  const tables = [...font.sfnt.tables].map(
    ([tag, view]) => [tag, new Uint8Array(view.buffer, view.byteOffset, view.byteLength)] as const,
  );
  return writeSfnt(font.sfnt.outlines === 'cff' ? OPENTYPE_CFF : TRUETYPE, new Map(tables));
}
