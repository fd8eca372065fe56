/** The face (证照照面) of a licence, described once and drawn to OFD, PDF and PNG.
 *  Lengths are millimetres, origin top-left, y downwards (GB/T 33190 §6); colours are `#rrggbb`. */

/** x, y, width, height in millimetres. */
export type Box = readonly [xMm: number, yMm: number, widthMm: number, heightMm: number];

/** A role that the font book fills with a chain of fonts: the first that has a glyph draws it. */
export type FontRole = 'serif' | 'serif-bold' | 'sans' | 'sans-bold';

/** Text of a box. `text` holds plain words and `{key}` placeholders, filled from the face's values.
 *  Lines break after Chinese punctuation rules; a text too long is set smaller, down to `minSizeMm`
 *  (default: 0.6 of `sizeMm`), and is a fault below that. */
export interface TextItem {
  readonly kind: 'text';
  readonly text: string;
  readonly box: Box;
  readonly font?: FontRole;
  readonly sizeMm: number;
  readonly minSizeMm?: number;
  readonly align?: 'left' | 'center' | 'right' | 'justify';
  readonly verticalAlign?: 'top' | 'middle' | 'bottom';
  /** Distance of two baselines as a multiple of the size; default 1.5. */
  readonly lineHeight?: number;
  /** Extra distance between characters. */
  readonly spacingMm?: number;
  readonly colour?: string;
  /** Draw the whole item only when this value is present and not empty. */
  readonly when?: string;
}

/** The code that leads to the public check page; its content is the value `qr`. */
export interface QrItem {
  readonly kind: 'qr';
  readonly box: Box;
}

/** Where the issuer's seal is pressed. Its picture keeps its proportions inside the box. */
export interface SealItem {
  readonly kind: 'seal';
  readonly box: Box;
}

/** A picture given as a field of the licence (PNG or JPEG), scaled to fit the box. */
export interface ImageItem {
  readonly kind: 'image';
  readonly field: string;
  readonly box: Box;
}

/** A straight line from corner to corner of the box. */
export interface LineItem {
  readonly kind: 'line';
  readonly from: readonly [xMm: number, yMm: number];
  readonly to: readonly [xMm: number, yMm: number];
  readonly widthMm: number;
  readonly colour?: string;
}

export type FaceItem = TextItem | QrItem | SealItem | ImageItem | LineItem;

export interface FacePage {
  /** What the page is called: 正本, 副本, 附图 … */
  readonly name: string;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Name of the base image (底图) among the entry's base images; it fills the page. */
  readonly baseImage?: string;
  readonly items: readonly FaceItem[];
}

export interface FaceLayout {
  readonly pages: readonly FacePage[];
}

/** What a face is filled with. */
export interface FaceContent {
  /** Values for the `{key}` placeholders; a missing key draws as nothing. */
  readonly values: Readonly<Record<string, string>>;
  /** Pictures (PNG or JPEG bytes): base images by name, image fields by field key. */
  readonly images: Readonly<Record<string, Uint8Array>>;
  /** Text of the QR code. */
  readonly qr: string;
}

/** One fault of a content against a layout, found before anything is sealed. */
export interface FaceFault {
  readonly code: 'GLYPH_MISSING' | 'TEXT_OVERFLOW' | 'IMAGE_UNREADABLE' | 'IMAGE_MISSING';
  /** Keys of the values that were drawn in the item at fault. */
  readonly fields: readonly string[];
  /** The characters without a glyph, or the text that does not fit. */
  readonly text: string;
  readonly page: number;
  readonly item: number;
}
