/** What a picture is: PNG (ISO/IEC 15948) or JPEG (ISO/IEC 10918), its size, and whether it is whole. */

export interface ImageFacts {
  readonly format: 'png' | 'jpeg';
  readonly widthPx: number;
  readonly heightPx: number;
  /** Colour channels; for PNG also the transparency. */
  readonly channels: number;
  readonly bitsPerChannel: number;
  readonly palette: boolean;
  readonly interlaced: boolean;
  readonly transparent: boolean;
}

const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Bits of a sample by colour type (ISO/IEC 15948 table 11.1): what is stated decides how much memory is taken. */
const PNG_BITS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const LARGEST_SIDE_PX = 20_000;
/** An A4 page at 600 dots an inch has 35 million; each takes 4 bytes when it is drawn. */
const MOST_PIXELS = 50_000_000;

/** Undefined when the bytes are neither, or cut short, or would be too large when drawn. */
export function readImage(bytes: Uint8Array): ImageFacts | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const facts =
      view.getUint32(0) === 0x89504e47 ? readPng(view) : view.getUint16(0) === 0xffd8 ? readJpeg(view) : undefined;
    const sane = facts !== undefined && facts.widthPx > 0 && facts.heightPx > 0;
    if (!sane || facts.widthPx * facts.heightPx > MOST_PIXELS) return undefined;
    return Math.max(facts.widthPx, facts.heightPx) <= LARGEST_SIDE_PX ? facts : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readPng(view: DataView): ImageFacts | undefined {
  if (view.getUint32(4) !== 0x0d0a1a0a || tagAt(view, 12) !== 'IHDR') return undefined;
  const colourType = view.getUint8(25);
  const channels = PNG_CHANNELS[colourType];
  if (channels === undefined || !PNG_BITS[colourType]?.includes(view.getUint8(24))) return undefined;
  let transparent = colourType >= 4;
  let data = false;
  for (let at = 8; ; at += 12 + view.getUint32(at)) {
    const tag = tagAt(view, at + 4);
    view.getUint32(at + 8 + view.getUint32(at));
    if (tag === 'tRNS') transparent = true;
    if (tag === 'IDAT') data = true;
    if (tag === 'IEND') break;
  }
  if (!data) return undefined;
  return {
    format: 'png',
    widthPx: view.getUint32(16),
    heightPx: view.getUint32(20),
    channels,
    bitsPerChannel: view.getUint8(24),
    palette: colourType === 3,
    interlaced: view.getUint8(28) === 1,
    transparent,
  };
}

function readJpeg(view: DataView): ImageFacts | undefined {
  if (view.getUint16(view.byteLength - 2) !== 0xffd9) return undefined;
  for (let at = 2; at < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker < 0xffc0) return undefined;
    const frame = marker <= 0xffcf && marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc;
    if (!frame) continue;
    // bits of a sample, and components: ISO/IEC 10918-1 table B.2
    if (![8, 12].includes(view.getUint8(at + 4)) || ![1, 3, 4].includes(view.getUint8(at + 9))) return undefined;
    return {
      format: 'jpeg',
      widthPx: view.getUint16(at + 7),
      heightPx: view.getUint16(at + 5),
      channels: view.getUint8(at + 9),
      bitsPerChannel: view.getUint8(at + 4),
      palette: false,
      interlaced: false,
      transparent: false,
    };
  }
  return undefined;
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

/** Are these bytes a whole PNG or JPEG? */
export function isPicture(bytes: Uint8Array): boolean {
  return readImage(bytes) !== undefined;
}
