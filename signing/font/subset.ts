/** A font cut down to the characters of one document, to be embedded in it. */

export interface FontSubset {
  /** A whole font file with a Unicode character map. */
  readonly bytes: Uint8Array;
  readonly outlines: 'glyf' | 'cff';
  /** Name with the six-letter tag of a subset (ISO 32000-1 §9.6.4), the same for the same characters. */
  readonly name: string;
  readonly unitsPerEm: number;
  /** Code point → glyph of the subset. */
  readonly glyphs: ReadonlyMap<number, number>;
  /** Code point → the code that names the glyph in a PDF: the glyph, or its CID in a CID-keyed font. */
  readonly codes: ReadonlyMap<number, number>;
}
