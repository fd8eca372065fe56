/** The picture of a unit's round seal (GB/T 33481, 公章): ring, five-pointed star, name along the upper arc, purpose and
 *  note below the star, code along the lower arc. Red on a transparent ground, in few bytes. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { FontBook } from '../font/open-font-book.ts';
import { drawLetter, drawStamp, type StampInk } from './seal-pen.ts';

export interface SealPicture extends StampInk {
  /** Name of the unit, along the upper arc. */
  readonly name: string;
  /** What the seal is for (证照专用章), below the star. */
  readonly purpose?: string;
  /** A note such as 测试专用, below the purpose. */
  readonly note?: string;
  /** Code of the seal, along the lower arc. */
  readonly code?: string;
  /** Default 42. */
  readonly diameterMm?: number;
}

const DIAMETER_MM = 42;
// All below in shares of the seal's radius: a seal of 42 mm has a ring of 1.2 mm.
const RING = 0.057;
/** The heads of the name's letters. */
const NAME_TOP = 0.885;
const STAR = 0.3;
const STAR_INNER = 0.382;
/** Few letters stand no further apart than this; tall letters keep their arc clear of the purpose, low ones reach around it. */
const WIDEST_STEP = 0.56;
const TALL = 13;
const LOW = 24;
/** Straight words stay clear of the ends of the name's arc. */
const WIDEST_WORDS = 1.02;
const CODE_MIDDLE = 0.84;
const CODE_HEIGHT = 0.105;
const CODE_STEP = 0.082;

/** PNG bytes, the same for the same seal.
 *  @throws SigningError GLYPH_MISSING */
export function drawSealPicture(seal: SealPicture, fonts: FontBook): Uint8Array {
  const diameterMm = seal.diameterMm ?? DIAMETER_MM;
  return drawStamp(diameterMm, diameterMm, diameterMm / 2, seal, (pen) => {
    drawRing(pen);
    drawStar(pen, seal.purpose === undefined ? 0 : -0.08);
    drawName(pen, fonts, Array.from(seal.name));
    if (seal.purpose !== undefined) drawStraight(pen, fonts, seal.purpose, 0.175, 0.38);
    if (seal.note !== undefined) drawStraight(pen, fonts, seal.note, 0.135, seal.purpose === undefined ? 0.46 : 0.57);
    if (seal.code !== undefined) drawCode(pen, fonts, Array.from(seal.code));
  });
}

function drawRing(pen: SKRSContext2D): void {
  // A hair inside of the picture's edge, so that the ring's own edge is smooth all around.
  const EDGE = 0.004;
  pen.lineWidth = RING;
  pen.beginPath();
  pen.arc(0, 0, 1 - EDGE - RING / 2, 0, 2 * Math.PI);
  pen.stroke();
}

function drawStar(pen: SKRSContext2D, y: number): void {
  pen.beginPath();
  for (let i = 0; i < 10; i++) {
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    const r = i % 2 === 0 ? STAR : STAR * STAR_INNER;
    pen.lineTo(r * Math.cos(angle), y + r * Math.sin(angle));
  }
  pen.closePath();
  pen.fill();
}

/** How far a name of so many letters spreads around the ring: 228° to 252°. */
function widestArc(letters: number): number {
  const low = Math.min(1, Math.max(0, (letters - TALL) / (LOW - TALL)));
  return ((228 + 24 * low) / 180) * Math.PI;
}

/** Long names grow lower, then narrower; the letters' feet never touch. */
function drawName(pen: SKRSContext2D, fonts: FontBook, letters: readonly string[]): void {
  const height = Math.min(0.29, Math.max(0.205, 0.335 - letters.length * 0.0062));
  const feet = NAME_TOP - height;
  const step = letters.length < 2 ? 0 : Math.min(WIDEST_STEP, widestArc(letters.length) / (letters.length - 1));
  const room = letters.length < 2 ? height : step * feet;
  // A letter's ink is a little narrower than its body.
  const width = Math.min(height * 0.9, room * 1.04);
  letters.forEach((letter, i) => {
    pen.save();
    pen.rotate((i - (letters.length - 1) / 2) * step);
    pen.translate(0, -(NAME_TOP - height / 2));
    drawLetter(pen, fonts, letter, width, height);
    pen.restore();
  });
}

function drawStraight(pen: SKRSContext2D, fonts: FontBook, text: string, height: number, y: number): void {
  const letters = Array.from(text);
  const step = Math.min(height * 0.98, WIDEST_WORDS / letters.length);
  letters.forEach((letter, i) => {
    pen.save();
    pen.translate((i - (letters.length - 1) / 2) * step, y);
    drawLetter(pen, fonts, letter, Math.min(height, step), height);
    pen.restore();
  });
}

/** Read from left to right, feet to the ring. */
function drawCode(pen: SKRSContext2D, fonts: FontBook, digits: readonly string[]): void {
  digits.forEach((digit, i) => {
    pen.save();
    pen.rotate(-(i - (digits.length - 1) / 2) * CODE_STEP);
    pen.translate(0, CODE_MIDDLE);
    drawLetter(pen, fonts, digit, CODE_HEIGHT, CODE_HEIGHT);
    pen.restore();
  });
}
