/** The picture of a person's name seal (个人名章): a square of two columns read from the right, ending in 印 where the name
 *  leaves room; or an oblong with the name in one line. On a transparent ground. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { FontBook } from '../font/open-font-book.ts';
import { drawStamp, fillCell, type StampInk } from './seal-pen.ts';

export interface PersonalSeal extends StampInk {
  readonly name: string;
  /** Default: square for names of two to four characters, else oblong. */
  readonly style?: 'square' | 'oblong';
}

export interface PersonalSealPicture {
  readonly png: Uint8Array;
  readonly widthMm: number;
  readonly heightMm: number;
}

const SIDE_MM = 20;
const FRAME_MM = 1;
const OBLONG_HEIGHT_MM = 12;
/** Between frame and letters, and between letters. */
const GAP_MM = 0.9;
/** Letters of a long name grow narrow before the seal grows longer. */
const MOST_WIDTH_MM = 42;
const LETTER_MM = 7.5;

/** The same for the same seal. @throws SigningError GLYPH_MISSING */
export function drawPersonalSeal(seal: PersonalSeal, fonts: FontBook): PersonalSealPicture {
  const letters = Array.from(seal.name);
  const style = seal.style ?? (letters.length >= 2 && letters.length <= 4 ? 'square' : 'oblong');
  return style === 'square' ? drawSquare(letters, seal, fonts) : drawOblong(letters, seal, fonts);
}

/** Right column first: 王小 | 明印; two characters end in 之印, four stand alone. */
function columnsOf(letters: readonly string[]): readonly (readonly string[])[] {
  if (letters.length === 1) return [letters, ['印']];
  const ending = letters.length === 2 ? ['之', '印'] : letters.length % 2 === 1 ? ['印'] : [];
  const all = [...letters, ...ending];
  const half = Math.ceil(all.length / 2);
  return [all.slice(0, half), all.slice(half)];
}

function drawSquare(letters: readonly string[], ink: StampInk, fonts: FontBook): PersonalSealPicture {
  const columns = columnsOf(letters);
  const png = drawStamp(SIDE_MM, SIDE_MM, 1, ink, (pen) => {
    drawFrame(pen, SIDE_MM, SIDE_MM);
    const inner = SIDE_MM - 2 * (FRAME_MM + GAP_MM);
    const width = (inner - GAP_MM * (columns.length - 1)) / columns.length;
    columns.forEach((column, fromRight) => {
      const height = (inner - GAP_MM * (column.length - 1)) / column.length;
      const x = inner / 2 - width / 2 - fromRight * (width + GAP_MM);
      column.forEach((letter, down) => {
        const y = -inner / 2 + height / 2 + down * (height + GAP_MM);
        drawAt(pen, fonts, letter, { x, y, width, height });
      });
    });
  });
  return { png, widthMm: SIDE_MM, heightMm: SIDE_MM };
}

/** In one line from the left, as signatures are written today. */
function drawOblong(letters: readonly string[], ink: StampInk, fonts: FontBook): PersonalSealPicture {
  const around = 2 * (FRAME_MM + GAP_MM);
  const wanted = around + letters.length * LETTER_MM + (letters.length - 1) * GAP_MM;
  const widthMm = Math.min(Math.ceil(wanted), MOST_WIDTH_MM);
  const inner = widthMm - around;
  const width = (inner - GAP_MM * (letters.length - 1)) / letters.length;
  const height = OBLONG_HEIGHT_MM - around;
  const png = drawStamp(widthMm, OBLONG_HEIGHT_MM, 1, ink, (pen) => {
    drawFrame(pen, widthMm, OBLONG_HEIGHT_MM);
    letters.forEach((letter, index) => {
      const x = -inner / 2 + width / 2 + index * (width + GAP_MM);
      drawAt(pen, fonts, letter, { x, y: 0, width, height });
    });
  });
  return { png, widthMm, heightMm: OBLONG_HEIGHT_MM };
}

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawAt(pen: SKRSContext2D, fonts: FontBook, letter: string, { x, y, width, height }: Cell): void {
  pen.save();
  pen.translate(x, y);
  fillCell(pen, fonts, letter, width, height);
  pen.restore();
}

function drawFrame(pen: SKRSContext2D, widthMm: number, heightMm: number): void {
  pen.lineWidth = FRAME_MM;
  pen.strokeRect(-(widthMm - FRAME_MM) / 2, -(heightMm - FRAME_MM) / 2, widthMm - FRAME_MM, heightMm - FRAME_MM);
}
