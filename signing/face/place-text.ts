/** Give every glyph of a text item its place: alignment, justification, and a run for each change of font. */

import type { Font } from '../font/open-font.ts';
import type { FontBook } from '../font/open-font-book.ts';
import type { Cluster, Line } from './break-lines.ts';
import { isLatin } from './break-lines.ts';
import type { TextItem } from './face.ts';
import type { FittedText } from './fit-text.ts';
import { fitText, lineHeightOf } from './fit-text.ts';
import type { Colour, GlyphRun, PlacedGlyph } from './laid-out-face.ts';
import { parseColour } from './parse-colour.ts';

/** A character with the font that draws it; none when no font has it. */
export interface FontedCluster extends Cluster {
  readonly font: Font | undefined;
}

export interface PlacedText {
  readonly runs: readonly GlyphRun[];
  /** Characters without a glyph, each once. */
  readonly missing: string;
  readonly overflows: boolean;
}

/** The share of the size that lies above the baseline in a Chinese character's square. */
const ABOVE_BASELINE = 0.88;
/** Justification never pulls characters further apart than this. */
const WIDEST_GAP_EM = 0.6;
const IDEOGRAPHIC_SPACE = 0x3000;

export function placeText(item: TextItem, text: string, fonts: FontBook): PlacedText {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .split('\n')
    .map((paragraph) => Array.from(paragraph, (character) => fontCharacter(item, character, fonts)));
  const missing = new Set<string>();
  for (const cluster of paragraphs.flat()) {
    if (cluster.font === undefined) missing.add(String.fromCodePoint(cluster.codePoint));
  }
  const fitted = fitText(item, paragraphs);
  const runs = fitted === undefined ? [] : placeLines(item, fitted, fonts);
  return { runs, missing: [...missing].join(''), overflows: fitted === undefined };
}

function fontCharacter(item: TextItem, character: string, fonts: FontBook): FontedCluster {
  const codePoint = character.codePointAt(0) ?? 0;
  const font = fonts.fontFor(item.font ?? 'serif', codePoint);
  const widthEm = font === undefined ? 1 : font.advanceOf(font.glyphOf(codePoint)) / font.unitsPerEm;
  return { codePoint, font, widthEm };
}

function placeLines(item: TextItem, fitted: FittedText, fonts: FontBook): GlyphRun[] {
  const [, yMm, , heightMm] = item.box;
  const { sizeMm } = fitted;
  const step = sizeMm * lineHeightOf(item);
  const count = fitted.paragraphs.reduce((sum, { lines }) => sum + lines.length, 0);
  const free = heightMm - (count - 1) * step - sizeMm;
  const share = { top: 0, middle: 0.5, bottom: 1 }[item.verticalAlign ?? 'top'];
  let baselineMm = yMm + free * share + sizeMm * ABOVE_BASELINE;
  const colour = parseColour(item.colour ?? '#000000');
  const runs: GlyphRun[] = [];
  for (const { clusters, lines } of fitted.paragraphs) {
    lines.forEach((line, i) => {
      const last = i === lines.length - 1;
      const glyphs = placeGlyphs(item, clusters, line, sizeMm, last);
      runs.push(...splitRuns(item, glyphs, fonts, { sizeMm, colour, baselineMm }));
      baselineMm += step;
    });
  }
  return runs;
}

function placeGlyphs(
  item: TextItem,
  clusters: readonly Cluster[],
  line: Line,
  sizeMm: number,
  last: boolean,
): PlacedGlyph[] {
  const [xMm, , widthMm] = item.box;
  const align = item.align ?? 'left';
  const free = widthMm - line.widthEm * sizeMm;
  const gaps = align === 'justify' && !last ? gapsOf(clusters, line) : new Set<number>();
  const gapMm = gaps.size > 0 && free / gaps.size <= WIDEST_GAP_EM * sizeMm ? Math.max(0, free / gaps.size) : 0;
  let x = xMm + (align === 'center' ? free / 2 : align === 'right' ? free : 0);
  const glyphs: PlacedGlyph[] = [];
  for (let i = line.start; i < line.end; i++) {
    const cluster = clusters[i];
    if (cluster === undefined) continue;
    const advanceMm = cluster.widthEm * sizeMm;
    glyphs.push({ codePoint: cluster.codePoint, xMm: x, advanceMm });
    x += advanceMm + (item.spacingMm ?? 0) + (gaps.has(i) ? gapMm : 0);
  }
  return glyphs;
}

/** Characters after which justification may add space: not inside a Latin word, not within an indent. */
function gapsOf(clusters: readonly Cluster[], line: Line): Set<number> {
  const gaps = new Set<number>();
  for (let i = line.start; i < line.end - 1; i++) {
    const before = clusters[i]?.codePoint ?? 0;
    const after = clusters[i + 1]?.codePoint ?? 0;
    if (before === IDEOGRAPHIC_SPACE || (isLatin(before) && isLatin(after))) continue;
    gaps.add(i);
  }
  return gaps;
}

function splitRuns(
  item: TextItem,
  glyphs: readonly PlacedGlyph[],
  fonts: FontBook,
  style: { readonly sizeMm: number; readonly colour: Colour; readonly baselineMm: number },
): GlyphRun[] {
  const runs: { font: Font; glyphs: PlacedGlyph[] }[] = [];
  for (const glyph of glyphs) {
    const font = fonts.fontFor(item.font ?? 'serif', glyph.codePoint);
    if (font === undefined) continue;
    const run = runs.at(-1);
    if (run !== undefined && run.font === font) run.glyphs.push(glyph);
    else runs.push({ font, glyphs: [glyph] });
  }
  return runs.map((run) => ({ kind: 'glyphs', ...style, ...run }));
}
