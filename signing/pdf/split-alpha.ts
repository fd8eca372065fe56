/** Take the transparency of a PNG apart from its colours, as PDF keeps them (ISO 32000-1 §11.6.5.3). Samples are given
 *  deflated, 8 bits each and without predictors. */
import { deflateSync } from 'node:zlib';
import type { ImageFacts } from '../face/read-image.ts';
import { readPngRows } from './png-rows.ts';

export interface SplitPicture {
  readonly colour: Uint8Array;
  readonly alpha: Uint8Array;
}

/** Grey or true colour of 8 bits with an alpha channel, not interlaced.
 *  @param data the joined IDAT chunks
 *  @throws SigningError MALFORMED */
export function splitAlpha(data: Uint8Array, { widthPx, heightPx, channels }: ImageFacts): SplitPicture {
  const rows = readPngRows(data, widthPx * channels, heightPx, channels);
  const colours = channels - 1;
  const colour = new Uint8Array(widthPx * heightPx * colours);
  const alpha = new Uint8Array(widthPx * heightPx);
  for (let pixel = 0, at = 0; pixel < alpha.length; pixel++) {
    for (let i = 0; i < colours; i++) colour[pixel * colours + i] = rows[at++] ?? 0;
    alpha[pixel] = rows[at++] ?? 0;
  }
  return { colour: deflateSync(colour), alpha: deflateSync(alpha) };
}

const OPAQUE = 255;

/** The opacity of each pixel of a palette picture of 1 to 8 bits, not interlaced.
 *  @param opacities the tRNS chunk: of each colour of the palette; those it leaves out are opaque
 *  @throws SigningError MALFORMED */
export function alphaOfPalette(data: Uint8Array, facts: ImageFacts, opacities: Uint8Array): Uint8Array {
  const { widthPx, heightPx, bitsPerChannel: bits } = facts;
  const rowBytes = Math.ceil((widthPx * bits) / 8);
  const rows = readPngRows(data, rowBytes, heightPx, 1);
  const alpha = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const byte = rows[y * rowBytes + ((x * bits) >> 3)] ?? 0;
      const colour = (byte >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1);
      alpha[y * widthPx + x] = opacities[colour] ?? OPAQUE;
    }
  }
  return deflateSync(alpha);
}
