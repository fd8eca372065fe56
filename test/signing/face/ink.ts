/** Is every glyph really on the page? Text can be extracted from a page whose glyphs are blank, so pixels are looked at:
 *  within each glyph's own extent there must be some that are darker than white paper. */
import type { LaidOutPage } from '../../../signing/face/laid-out-face.ts';

/** A grey picture of a page on white paper. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0 black to 255 white, row by row. */
  readonly grey: Uint8Array;
}

const PAPER = 235;
/** Renderers round baselines to whole pixels. */
const ROUNDING_PX = 1;

/** The characters of a page without any ink where they should be. */
export function findBlankGlyphs(page: LaidOutPage, picture: Picture): string[] {
  const blank: string[] = [];
  for (const mark of page.marks) {
    if (mark.kind !== 'glyphs') continue;
    const em = mark.sizeMm / mark.font.unitsPerEm;
    for (const glyph of mark.glyphs) {
      const extent = mark.font.extentOf(mark.font.glyphOf(glyph.codePoint));
      if (extent === undefined) continue;
      const [xMin, yMin, xMax, yMax] = extent;
      const left = glyph.xMm + xMin * em;
      const right = glyph.xMm + xMax * em;
      const inked = hasInk(picture, page, left, mark.baselineMm - yMax * em, right, mark.baselineMm - yMin * em);
      if (!inked) blank.push(String.fromCodePoint(glyph.codePoint));
    }
  }
  return blank;
}

/** How many glyphs of a page have an outline. */
export function countInkedGlyphs(page: LaidOutPage): number {
  const runs = page.marks.flatMap((mark) => (mark.kind === 'glyphs' ? [mark] : []));
  return runs.flatMap(({ font, glyphs }) => glyphs.filter(({ codePoint }) => font.extentOf(font.glyphOf(codePoint))))
    .length;
}

function hasInk(
  picture: Picture,
  page: LaidOutPage,
  left: number,
  top: number,
  right: number,
  bottom: number,
): boolean {
  const scale = picture.width / page.widthMm;
  for (let y = Math.floor(top * scale) - ROUNDING_PX; y <= Math.ceil(bottom * scale) + ROUNDING_PX; y++) {
    for (let x = Math.floor(left * scale) - ROUNDING_PX; x <= Math.ceil(right * scale) + ROUNDING_PX; x++) {
      if ((picture.grey[y * picture.width + x] ?? 255) < PAPER) return true;
    }
  }
  return false;
}

/** Read a binary grey map (PGM, P5). */
export function readPgm(bytes: Buffer): Picture {
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString('latin1'));
  if (header === null) throw new Error('not a PGM');
  const grey = new Uint8Array(bytes.subarray(header[0].length));
  return { width: Number(header[1]), height: Number(header[2]), grey };
}
