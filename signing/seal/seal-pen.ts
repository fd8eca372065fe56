/** What all seal pictures are drawn with: a canvas of which only the opacity counts, and letters set to their exact middle. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { createCanvas } from '@napi-rs/canvas';
import { SigningError } from '../error.ts';
import { canvasFamily } from '../font/canvas-family.ts';
import type { FontBook } from '../font/open-font-book.ts';
import { writeStampPng } from './write-stamp-png.ts';

export interface StampInk {
  /** `#rrggbb`; default the red of seals. */
  readonly colour?: string;
  /** Default 300. */
  readonly dpi?: number;
}

const DPI = 300;
const MM_PER_INCH = 25.4;
const HALF = 0.5;
/** From the middle of a Chinese letter down to its baseline, as a share of its height. */
const BASELINE = 0.38;
/** Tiny sizes are rounded by the drawing library, so letters are set large and scaled down. */
const LARGE = 100;

/** Draw into a picture of so many millimetres; the pen's unit is `unitMm`, its origin the middle.
 *  @throws SigningError as the drawing does */
export function drawStamp(
  widthMm: number,
  heightMm: number,
  unitMm: number,
  ink: StampInk,
  draw: (pen: SKRSContext2D) => void,
): Uint8Array {
  const dots = (ink.dpi ?? DPI) / MM_PER_INCH;
  const width = Math.ceil(widthMm * dots);
  const height = Math.ceil(heightMm * dots);
  const canvas = createCanvas(width, height);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#000000';
  pen.strokeStyle = '#000000';
  pen.textAlign = 'center';
  pen.textBaseline = 'alphabetic';
  pen.translate(width * HALF, height * HALF);
  pen.scale(dots * unitMm, dots * unitMm);
  draw(pen);
  return writeStampPng(pen.getImageData(0, 0, width, height).data, width, height, ink.colour);
}

/** A letter of this width and height, its middle at the pen's origin.
 *  @throws SigningError GLYPH_MISSING */
export function drawLetter(
  pen: SKRSContext2D,
  fonts: FontBook,
  character: string,
  width: number,
  height: number,
): void {
  const codePoint = character.codePointAt(0) ?? 0;
  const font = fonts.fontFor('serif-bold', codePoint);
  if (font === undefined)
    throw new SigningError('GLYPH_MISSING', 'a seal has a character without a glyph', { codePoint });
  pen.save();
  pen.font = `${LARGE}px "${canvasFamily(font)}"`;
  pen.scale(width / LARGE, height / LARGE);
  pen.fillText(character, 0, LARGE * BASELINE);
  pen.restore();
}

/** A letter whose ink fills a cell of this width and height: as the letters of a name seal stand.
 *  @throws SigningError GLYPH_MISSING */
export function fillCell(pen: SKRSContext2D, fonts: FontBook, character: string, width: number, height: number): void {
  const codePoint = character.codePointAt(0) ?? 0;
  const font = fonts.fontFor('serif-bold', codePoint);
  if (font === undefined)
    throw new SigningError('GLYPH_MISSING', 'a seal has a character without a glyph', { codePoint });
  pen.save();
  pen.font = `${LARGE}px "${canvasFamily(font)}"`;
  const ink = pen.measureText(character);
  const inkHeight = ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent;
  const inkWidth = ink.actualBoundingBoxLeft + ink.actualBoundingBoxRight;
  // Flat letters (一, 二) stay flat: nothing is stretched to more than a little over its own size.
  const across = Math.min(width / Math.max(inkWidth, 1), (MOST_STRETCH * width) / LARGE);
  const along = Math.min(height / Math.max(inkHeight, 1), (MOST_STRETCH * height) / LARGE);
  pen.scale(across, along);
  const right = (ink.actualBoundingBoxRight - ink.actualBoundingBoxLeft) * HALF;
  pen.fillText(character, -right, (ink.actualBoundingBoxAscent - ink.actualBoundingBoxDescent) * HALF);
  pen.restore();
}

const MOST_STRETCH = 1.15;
