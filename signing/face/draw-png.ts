/** Draw one page of a laid-out face as PNG, for previews. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { SigningError } from '../error.ts';
import { canvasFamily } from '../font/canvas-family.ts';
import type { Colour, FaceMark, LaidOutFace } from './laid-out-face.ts';
import { isPicture } from './read-image.ts';
import { fitInside } from './try-layout.ts';

export interface PngOptions {
  /** Number of the page, from 0. */
  readonly page: number;
  readonly dpi: number;
  /** PNG drawn into every seal box; without it the boxes stay empty. */
  readonly sealPicture?: Uint8Array;
}

const MM_PER_INCH = 25.4;

/** @throws SigningError MALFORMED for a page that is not there, or a seal's picture that is none */
export async function drawPng(face: LaidOutFace, options: PngOptions): Promise<Uint8Array> {
  const page = face.pages[options.page];
  if (page === undefined) throw new SigningError('MALFORMED', 'the face has no such page', { page: options.page });
  const scale = options.dpi / MM_PER_INCH;
  const canvas = createCanvas(Math.round(page.widthMm * scale), Math.round(page.heightMm * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  for (const mark of page.marks) await drawMark(context, mark);
  if (options.sealPicture !== undefined) {
    if (!isPicture(options.sealPicture))
      throw new SigningError('MALFORMED', 'the seal’s picture is none, or too large');
    const picture = await loadImage(options.sealPicture);
    // Like ink: what is printed below stays legible.
    context.globalCompositeOperation = 'multiply';
    for (const seal of page.seals) context.drawImage(picture, ...fitInside(seal, picture.width / picture.height));
  }
  return new Uint8Array(await canvas.encode('png'));
}

async function drawMark(context: SKRSContext2D, mark: FaceMark): Promise<void> {
  switch (mark.kind) {
    case 'glyphs':
      context.fillStyle = toCss(mark.colour);
      context.font = `${mark.sizeMm}px "${canvasFamily(mark.font)}"`;
      for (const glyph of mark.glyphs) {
        context.fillText(String.fromCodePoint(glyph.codePoint), glyph.xMm, mark.baselineMm);
      }
      return;
    case 'boxes':
      context.fillStyle = toCss(mark.colour);
      context.beginPath();
      for (const box of mark.boxes) context.rect(...box);
      context.fill();
      return;
    case 'line':
      context.strokeStyle = toCss(mark.colour);
      context.lineWidth = mark.widthMm;
      context.beginPath();
      context.moveTo(...mark.from);
      context.lineTo(...mark.to);
      context.stroke();
      return;
    case 'image':
      context.drawImage(await loadImage(mark.bytes), ...mark.box);
  }
}

function toCss([red, green, blue]: Colour): string {
  return `rgb(${red},${green},${blue})`;
}
