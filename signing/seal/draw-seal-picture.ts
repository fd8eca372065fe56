/** The picture of a unit's round seal (GB/T 33481, 公章): ring, five-pointed star, name along the upper arc, purpose and
 *  note below the star, code along the lower arc. Red on a transparent ground, in few bytes. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { createCanvas } from '@napi-rs/canvas';
import { SigningError } from '../error.ts';
import { canvasFamily } from '../font/canvas-family.ts';
import type { FontBook } from '../font/open-font-book.ts';
import { writeStampPng } from './write-stamp-png.ts';

export interface SealPicture {
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
  /** Default 300. */
  readonly dpi?: number;
}

const DIAMETER_MM = 42;
const DPI = 300;
const MM_PER_INCH = 25.4;
/** Straight words stay clear of the ends of the name's arc. */
const WIDEST_WORDS = 1.1;
/** The name never spreads further around the ring. */
const WIDEST_ARC = (250 / 180) * Math.PI;

/** PNG bytes, the same for the same seal.
 *  @throws SigningError GLYPH_MISSING */
export function drawSealPicture(seal: SealPicture, fonts: FontBook): Uint8Array {
  const diameterMm = seal.diameterMm ?? DIAMETER_MM;
  const scale = (seal.dpi ?? DPI) / MM_PER_INCH;
  const side = Math.ceil(diameterMm * scale);
  const canvas = createCanvas(side, side);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#000000';
  pen.strokeStyle = '#000000';
  pen.textAlign = 'center';
  pen.textBaseline = 'alphabetic';
  pen.translate(side / 2, side / 2);
  // From here on the seal's radius is 1.
  pen.scale(side / 2, side / 2);
  pen.lineWidth = 0.055;
  circle(pen, 0.965);
  pen.lineWidth = 0.012;
  circle(pen, 0.905);
  drawStar(pen, seal.purpose === undefined ? 0 : -0.1, 0.28);
  const count = Array.from(seal.name).length;
  const size = Math.min(0.27, 0.225 + 0.6 / (count + 4));
  const arc = Math.min(WIDEST_ARC, (count - 1) * (size / 0.78) * 1.08);
  drawArc(pen, fonts, { text: seal.name, size, radius: 0.6, arc, squeeze: squeezeOf(count), inwards: true });
  if (seal.purpose !== undefined) drawStraight(pen, fonts, seal.purpose, 0.19, 0.44);
  if (seal.note !== undefined) drawStraight(pen, fonts, seal.note, 0.145, seal.purpose === undefined ? 0.5 : 0.62);
  if (seal.code !== undefined) {
    const digits = Array.from(seal.code).length;
    drawArc(pen, fonts, {
      text: seal.code,
      size: 0.1,
      radius: 0.855,
      arc: (digits - 1) * 0.085,
      squeeze: 1,
      inwards: false,
    });
  }
  return writeStampPng(pen.getImageData(0, 0, side, side).data, side, side);
}

function squeezeOf(count: number): number {
  return Math.min(1, Math.max(0.52, 13.5 / count));
}

function circle(pen: SKRSContext2D, radius: number): void {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  pen.stroke();
}

function drawStar(pen: SKRSContext2D, y: number, radius: number): void {
  const INNER = 0.382;
  pen.beginPath();
  for (let i = 0; i < 10; i++) {
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    const r = i % 2 === 0 ? radius : radius * INNER;
    pen.lineTo(r * Math.cos(angle), y + r * Math.sin(angle));
  }
  pen.closePath();
  pen.fill();
}

interface ArcText {
  readonly text: string;
  readonly size: number;
  /** From the seal's middle to the letters' feet. */
  readonly radius: number;
  readonly arc: number;
  /** Width of a letter, as a share of its own. */
  readonly squeeze: number;
  /** Feet towards the middle (upper arc), or away from it (lower arc). */
  readonly inwards: boolean;
}

function drawArc(pen: SKRSContext2D, fonts: FontBook, arc: ArcText): void {
  const characters = Array.from(arc.text);
  characters.forEach((character, i) => {
    const share = characters.length === 1 ? 0 : i / (characters.length - 1) - 0.5;
    pen.save();
    pen.rotate(arc.inwards ? share * arc.arc : -share * arc.arc);
    pen.translate(0, arc.inwards ? -arc.radius : arc.radius);
    pen.scale(arc.squeeze, 1);
    drawCharacter(pen, fonts, character, arc.size, 0);
    pen.restore();
  });
}

function drawStraight(pen: SKRSContext2D, fonts: FontBook, text: string, size: number, y: number): void {
  const characters = Array.from(text);
  const room = Math.min(WIDEST_WORDS, 2 * Math.sqrt(Math.max(0, 0.82 ** 2 - y ** 2)));
  const step = Math.min(size * 1.06, room / characters.length);
  characters.forEach((character, i) => {
    pen.save();
    pen.translate((i - (characters.length - 1) / 2) * step, y);
    drawCharacter(pen, fonts, character, Math.min(size, step), 0);
    pen.restore();
  });
}

function drawCharacter(pen: SKRSContext2D, fonts: FontBook, character: string, size: number, y: number): void {
  const codePoint = character.codePointAt(0) ?? 0;
  const font = fonts.fontFor('serif-bold', codePoint);
  if (font === undefined)
    throw new SigningError('GLYPH_MISSING', 'a seal has a character without a glyph', { codePoint });
  // Tiny sizes are rounded by the drawing library, so letters are set large and scaled down.
  const LARGE = 100;
  pen.font = `${LARGE}px "${canvasFamily(font)}"`;
  pen.scale(size / LARGE, size / LARGE);
  pen.fillText(character, 0, y);
}
