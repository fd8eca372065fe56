/** Draw the base images (底图) and attached drawings of the demonstration: our own ornaments, no emblem and no seal.
 *  They are drawn anew at every demo start, in about a second. */
import { drawParcelMap, drawSitePlan } from './artwork/drawings.ts';
import type { FrameStyle } from './artwork/frame.ts';
import { drawFrame } from './artwork/frame.ts';
import { drawMedallion, drawNet } from './artwork/rosette.ts';
import { openSheet } from './artwork/sheet.ts';

interface BaseImage {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly dpi: number;
  readonly paper: readonly [centre: string, edge: string];
  readonly frame: FrameStyle;
  readonly net?: string;
  /** Middle, radius and colour of the flower behind the text. */
  readonly medallion?: readonly [xMm: number, yMm: number, radiusMm: number, colour: string];
  /** A rule down the middle of a folded sheet. */
  readonly fold?: string;
}

const GOLD = { dark: '#9a6b1f', middle: '#c79a4b', light: '#fbf1d9' };
const TEAL = { dark: '#1f6f63', middle: '#6fae9f', light: '#e6f3ee' };
const BRICK = { dark: '#a2452b', middle: '#d0907a', light: '#fbece5' };
const BLUE = { dark: '#245a9c', middle: '#86a9d2', light: '#e8f0fa' };
const NAVY = { dark: '#173f70', middle: '#c2a15a', light: '#eef3f8' };
const GREEN = { dark: '#3d7a2a', middle: '#94bd7d', light: '#ecf5e6' };
const INDIGO = { dark: '#4a3c8c', middle: '#a79fd0', light: '#efedf8' };
const RED = { dark: '#a8322a', middle: '#d99a7c', light: '#fdf0ea' };

const BASE_IMAGES: Readonly<Record<string, BaseImage>> = {
  'business-original.jpg': {
    widthMm: 420,
    heightMm: 297,
    dpi: 110,
    paper: ['#fffefb', '#fdf6e6'],
    net: '#f7ebce',
    frame: { kind: 'waves', marginMm: 13, bandMm: 13, ...GOLD },
    medallion: [210, 158, 82, '#f8e6d2'],
  },
  'business-copy.jpg': {
    widthMm: 297,
    heightMm: 210,
    dpi: 120,
    paper: ['#fffefb', '#fdf6e6'],
    net: '#f7ebce',
    frame: { kind: 'waves', marginMm: 9, bandMm: 9, ...GOLD },
    medallion: [148.5, 112, 58, '#f8e6d2'],
  },
  'land-planning.jpg': {
    widthMm: 420,
    heightMm: 297,
    dpi: 110,
    paper: ['#fefffe', '#f1f8f4'],
    fold: '#c9e0d8',
    frame: { kind: 'meander', marginMm: 12, bandMm: 8, ...TEAL },
    medallion: [105, 150, 62, '#dfeee8'],
  },
  'land-planning-drawing.jpg': {
    widthMm: 297,
    heightMm: 210,
    dpi: 110,
    paper: ['#ffffff', '#fafdfb'],
    frame: { kind: 'rules', marginMm: 10, bandMm: 2.5, ...TEAL },
  },
  'construction-planning.jpg': {
    widthMm: 210,
    heightMm: 297,
    dpi: 120,
    paper: ['#fffefd', '#fdf4ef'],
    frame: { kind: 'meander', marginMm: 10, bandMm: 7, ...BRICK },
    medallion: [105, 172, 64, '#faeae2'],
  },
  'building-permit.jpg': {
    widthMm: 210,
    heightMm: 297,
    dpi: 120,
    paper: ['#fdfeff', '#eff5fc'],
    net: '#e2ecf7',
    frame: { kind: 'waves', marginMm: 9, bandMm: 9, ...BLUE },
  },
  'surveying.jpg': {
    widthMm: 297,
    heightMm: 210,
    dpi: 120,
    paper: ['#ffffff', '#f1f5fa'],
    frame: { kind: 'meander', marginMm: 10, bandMm: 8, ...NAVY },
    medallion: [148.5, 108, 66, '#e3ebf4'],
  },
  'food.jpg': {
    widthMm: 297,
    heightMm: 210,
    dpi: 120,
    paper: ['#fefffd', '#f2f9ed'],
    net: '#e3f0da',
    frame: { kind: 'waves', marginMm: 9, bandMm: 10, ...GREEN },
  },
  'transport-original.jpg': {
    widthMm: 353,
    heightMm: 250,
    dpi: 110,
    paper: ['#fefeff', '#f3f1fa'],
    net: '#e9e6f5',
    frame: { kind: 'waves', marginMm: 11, bandMm: 11, ...INDIGO },
    medallion: [176.5, 132, 70, '#e6e2f3'],
  },
  'transport-copy.jpg': {
    widthMm: 185,
    heightMm: 130,
    dpi: 120,
    paper: ['#fefeff', '#f3f1fa'],
    net: '#ece9f6',
    frame: { kind: 'waves', marginMm: 6, bandMm: 6, ...INDIGO },
  },
  'real-estate-title.jpg': {
    widthMm: 185,
    heightMm: 260,
    dpi: 120,
    paper: ['#fffdfb', '#fdf1ea'],
    net: '#fae6db',
    frame: { kind: 'meander', marginMm: 10, bandMm: 7, ...RED },
    medallion: [92.5, 120, 56, '#f8dfd3'],
  },
  'real-estate-page.jpg': {
    widthMm: 185,
    heightMm: 260,
    dpi: 120,
    paper: ['#fffefd', '#fdf6f1'],
    net: '#fbeee6',
    frame: { kind: 'rules', marginMm: 10, bandMm: 2.5, ...RED },
  },
};
const JPEG_QUALITY = 82;

/** File name → bytes: every base image that an entry names, and the drawings that samples attach. */
export async function drawBaseImages(): Promise<ReadonlyMap<string, Uint8Array>> {
  const images = new Map<string, Uint8Array>();
  for (const [name, image] of Object.entries(BASE_IMAGES)) images.set(name, await drawBaseImage(image));
  images.set('site-plan.png', await drawSitePlan());
  images.set('parcel-map.png', await drawParcelMap());
  return images;
}

async function drawBaseImage(image: BaseImage): Promise<Uint8Array> {
  const { widthMm, heightMm, frame } = image;
  const sheet = openSheet(widthMm, heightMm, image.dpi);
  const { pen } = sheet;
  const glow = pen.createRadialGradient(
    widthMm / 2,
    heightMm / 2,
    0,
    widthMm / 2,
    heightMm / 2,
    Math.hypot(widthMm, heightMm) / 2,
  );
  glow.addColorStop(0, image.paper[0]);
  glow.addColorStop(1, image.paper[1]);
  const inset = frame.marginMm + frame.bandMm;
  pen.fillStyle = glow;
  pen.fillRect(frame.marginMm, frame.marginMm, widthMm - 2 * frame.marginMm, heightMm - 2 * frame.marginMm);
  if (image.net !== undefined) {
    const inside = [inset, inset, widthMm - 2 * inset, heightMm - 2 * inset] as const;
    drawNet(sheet, inside, { colour: image.net, stepMm: 2.6, waveMm: 2.4, lengthMm: 36 });
  }
  if (image.medallion !== undefined) drawMedallion(pen, ...image.medallion);
  if (image.fold !== undefined) {
    pen.strokeStyle = image.fold;
    pen.lineWidth = 0.3;
    pen.beginPath();
    pen.moveTo(widthMm / 2, inset + 8);
    pen.lineTo(widthMm / 2, heightMm - inset - 8);
    pen.stroke();
  }
  drawFrame(pen, widthMm, heightMm, frame);
  return sheet.toJpeg(JPEG_QUALITY);
}
