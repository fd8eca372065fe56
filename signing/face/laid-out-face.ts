/** A face with everything in its place: back ends only draw it. Millimetres, origin top-left, y downwards. */
import type { Font } from '../font/open-font.ts';
import type { Box } from './face.ts';

export interface PlacedGlyph {
  readonly codePoint: number;
  readonly xMm: number;
  readonly advanceMm: number;
}

/** Glyphs of one line in one font, in reading order. */
export interface GlyphRun {
  readonly kind: 'glyphs';
  readonly font: Font;
  readonly sizeMm: number;
  readonly colour: Colour;
  readonly baselineMm: number;
  readonly glyphs: readonly PlacedGlyph[];
}

/** Filled rectangles that are one shape: the dark modules of a QR code. */
export interface FilledBoxes {
  readonly kind: 'boxes';
  readonly colour: Colour;
  /** Around all of them. */
  readonly bounds: Box;
  readonly boxes: readonly Box[];
}

export interface PlacedLine {
  readonly kind: 'line';
  readonly colour: Colour;
  readonly from: readonly [xMm: number, yMm: number];
  readonly to: readonly [xMm: number, yMm: number];
  readonly widthMm: number;
}

export interface PlacedImage {
  readonly kind: 'image';
  /** The same key is the same picture. */
  readonly key: string;
  readonly format: 'png' | 'jpeg';
  readonly bytes: Uint8Array;
  readonly box: Box;
}

export type FaceMark = GlyphRun | FilledBoxes | PlacedLine | PlacedImage;

export interface LaidOutPage {
  readonly name: string;
  readonly widthMm: number;
  readonly heightMm: number;
  /** In drawing order; a base image comes first. */
  readonly marks: readonly FaceMark[];
  /** Where the issuer's seal is pressed. */
  readonly seals: readonly Box[];
}

export interface LaidOutFace {
  readonly pages: readonly LaidOutPage[];
}

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];
