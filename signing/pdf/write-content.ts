/** A laid-out page as a content stream. The page is scaled to millimetres once; y is turned over here. */

import type { Colour, FaceMark, GlyphRun, LaidOutPage } from '../face/laid-out-face.ts';
import type { Font } from '../font/open-font.ts';
import type { FontSubset } from '../font/subset.ts';
import { hex } from './embed-font.ts';

export const POINTS_PER_MM = 72 / 25.4;

export interface ContentNames {
  /** Resource name and subset of each font. */
  readonly fonts: ReadonlyMap<Font, { readonly name: string; readonly subset: FontSubset }>;
  /** Resource name of each picture by key. */
  readonly images: ReadonlyMap<string, string>;
}

export function writeContent(page: LaidOutPage, names: ContentNames): string {
  const scale = round(POINTS_PER_MM, 6);
  return [`${scale} 0 0 ${scale} 0 0 cm`, ...page.marks.map((mark) => writeMark(mark, page.heightMm, names))].join(
    '\n',
  );
}

function writeMark(mark: FaceMark, heightMm: number, names: ContentNames): string {
  switch (mark.kind) {
    case 'glyphs':
      return writeRun(mark, heightMm, names);
    case 'boxes': {
      const boxes = mark.boxes.map(
        ([x, y, width, height]) => `${n(x)} ${n(heightMm - y - height)} ${n(width)} ${n(height)} re`,
      );
      return `${writeColour(mark.colour, 'rg')}\n${boxes.join('\n')}\nf`;
    }
    case 'line': {
      const from = `${n(mark.from[0])} ${n(heightMm - mark.from[1])} m`;
      const to = `${n(mark.to[0])} ${n(heightMm - mark.to[1])} l`;
      return `${writeColour(mark.colour, 'RG')} ${n(mark.widthMm)} w ${from} ${to} S`;
    }
    case 'image': {
      const [x, y, width, height] = mark.box;
      return `q ${n(width)} 0 0 ${n(height)} ${n(x)} ${n(heightMm - y - height)} cm /${names.images.get(mark.key) ?? ''} Do Q`;
    }
  }
}

function writeRun(run: GlyphRun, heightMm: number, names: ContentNames): string {
  const font = names.fonts.get(run.font);
  const first = run.glyphs[0];
  if (font === undefined || first === undefined) return '';
  const parts: string[] = [];
  let codes = '';
  run.glyphs.forEach((glyph, i) => {
    codes += hex(font.subset.codes.get(glyph.codePoint) ?? 0);
    const next = run.glyphs[i + 1];
    if (next === undefined) return;
    const shift = Math.round(((glyph.xMm + glyph.advanceMm - next.xMm) / run.sizeMm) * 1000);
    if (shift === 0) return;
    parts.push(`<${codes}> ${shift}`);
    codes = '';
  });
  parts.push(`<${codes}>`);
  const place = `1 0 0 1 ${n(first.xMm)} ${n(heightMm - run.baselineMm)} Tm`;
  return `BT ${writeColour(run.colour, 'rg')} /${font.name} ${n(run.sizeMm)} Tf ${place} [${parts.join(' ')}] TJ ET`;
}

function writeColour(colour: Colour, operator: 'rg' | 'RG'): string {
  return `${colour.map((channel) => round(channel / 255, 3)).join(' ')} ${operator}`;
}

function n(value: number): number {
  return round(value, 3);
}

function round(value: number, decimals: number): number {
  const rounded = Math.round(value * 10 ** decimals) / 10 ** decimals;
  return rounded === 0 ? 0 : rounded;
}
