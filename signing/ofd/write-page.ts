/** One page's Content.xml (GB/T 33190 §7.5): the marks of a laid-out page as graphic units, in drawing order.
 *  Millimetres; each unit's own coordinates start at its Boundary's corner. */

import type { Box } from '../face/face.ts';
import type {
  Colour,
  FaceMark,
  FilledBoxes,
  GlyphRun,
  LaidOutPage,
  PlacedGlyph,
  PlacedImage,
  PlacedLine,
} from '../face/laid-out-face.ts';
import type { Font } from '../font/open-font.ts';
import { escapeXml } from './escape-xml.ts';
import { formatNumber as n } from './format-number.ts';

/** Numbers of the shared resources, and the counter that gives new ones. */
export interface PageResources {
  readonly fontIds: ReadonlyMap<Font, number>;
  readonly imageIds: ReadonlyMap<string, number>;
  readonly colourSpaceId: number;
  nextId(): number;
}

export function writePage(page: LaidOutPage, resources: PageResources): string {
  const background = page.marks.filter((mark, i) => i === 0 && mark.kind === 'image');
  const body = page.marks.slice(background.length);
  const layer = (type: string, marks: readonly FaceMark[]) => {
    if (marks.length === 0) return '';
    const id = resources.nextId();
    return `<ofd:Layer ID="${id}" Type="${type}">${marks.map((mark) => writeMark(mark, resources)).join('')}</ofd:Layer>`;
  };
  const layers = layer('Background', background) + layer('Body', body);
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016">' +
    `<ofd:Area><ofd:PhysicalBox>0 0 ${n(page.widthMm)} ${n(page.heightMm)}</ofd:PhysicalBox></ofd:Area>` +
    `<ofd:Content>${layers === '' ? `<ofd:Layer ID="${resources.nextId()}"/>` : layers}</ofd:Content></ofd:Page>`
  );
}

function writeMark(mark: FaceMark, resources: PageResources): string {
  switch (mark.kind) {
    case 'glyphs':
      return writeRun(mark, resources);
    case 'boxes':
      return writeBoxes(mark, resources);
    case 'line':
      return writeLine(mark, resources);
    case 'image':
      return writeImage(mark, resources);
  }
}

/** Readers disagree whether a character beyond the basic plane counts once or twice in DeltaX, so each stands alone. */
function writeRun(run: GlyphRun, resources: PageResources): string {
  const parts: PlacedGlyph[][] = [];
  for (const glyph of run.glyphs) {
    const part = parts.at(-1);
    const alone = glyph.codePoint > 0xffff || (part?.[0]?.codePoint ?? 0) > 0xffff;
    if (part === undefined || alone) parts.push([glyph]);
    else part.push(glyph);
  }
  return parts.map((part) => writeText(run, part, resources)).join('');
}

function writeText(run: GlyphRun, glyphs: readonly PlacedGlyph[], resources: PageResources): string {
  const first = glyphs[0];
  const last = glyphs.at(-1);
  if (first === undefined || last === undefined) return '';
  const ascent = (run.font.ascent / run.font.unitsPerEm) * run.sizeMm;
  const descent = (run.font.descent / run.font.unitsPerEm) * run.sizeMm;
  const width = Math.max(last.xMm + last.advanceMm - first.xMm, 0.1);
  const boundary = [first.xMm, run.baselineMm - ascent, width, ascent - descent].map(n).join(' ');
  const text = escapeXml(String.fromCodePoint(...glyphs.map((glyph) => glyph.codePoint)));
  return (
    `<ofd:TextObject ID="${resources.nextId()}" Boundary="${boundary}" Font="${resources.fontIds.get(run.font) ?? 0}" ` +
    `Size="${n(run.sizeMm)}">${writeColour('FillColor', run.colour, resources)}` +
    `<ofd:TextCode X="0" Y="${n(ascent)}"${writeDeltas(glyphs)}>${text}</ofd:TextCode></ofd:TextObject>`
  );
}

function writeDeltas(glyphs: readonly PlacedGlyph[]): string {
  if (glyphs.length < 2) return '';
  const deltas: { value: string; count: number }[] = [];
  let at = 0;
  const start = glyphs[0]?.xMm ?? 0;
  for (const glyph of glyphs.slice(1)) {
    // Differences of rounded places, so that rounding never adds up along the line.
    const place = Math.round((glyph.xMm - start) * 1000) / 1000;
    const value = n(place - at);
    at = place;
    const run = deltas.at(-1);
    if (run !== undefined && run.value === value) run.count++;
    else deltas.push({ value, count: 1 });
  }
  const words = deltas.map(({ value, count }) =>
    count < 3 ? Array(count).fill(value).join(' ') : `g ${count} ${value}`,
  );
  return ` DeltaX="${words.join(' ')}"`;
}

function writeBoxes(mark: FilledBoxes, resources: PageResources): string {
  const [left, top] = mark.bounds;
  const path = mark.boxes.map(([x, y, width, height]) => {
    const [x1, y1, x2, y2] = [n(x - left), n(y - top), n(x + width - left), n(y + height - top)];
    return `M ${x1} ${y1} L ${x2} ${y1} L ${x2} ${y2} L ${x1} ${y2} C`;
  });
  return (
    `<ofd:PathObject ID="${resources.nextId()}" Boundary="${writeBox(mark.bounds)}" Stroke="false" Fill="true">` +
    `${writeColour('FillColor', mark.colour, resources)}<ofd:AbbreviatedData>${path.join(' ')}</ofd:AbbreviatedData></ofd:PathObject>`
  );
}

function writeLine(line: PlacedLine, resources: PageResources): string {
  const half = line.widthMm / 2;
  const left = Math.min(line.from[0], line.to[0]) - half;
  const top = Math.min(line.from[1], line.to[1]) - half;
  const width = Math.abs(line.from[0] - line.to[0]) + line.widthMm;
  const height = Math.abs(line.from[1] - line.to[1]) + line.widthMm;
  const path = `M ${n(line.from[0] - left)} ${n(line.from[1] - top)} L ${n(line.to[0] - left)} ${n(line.to[1] - top)}`;
  return (
    `<ofd:PathObject ID="${resources.nextId()}" Boundary="${writeBox([left, top, width, height])}" ` +
    `LineWidth="${n(line.widthMm)}">${writeColour('StrokeColor', line.colour, resources)}` +
    `<ofd:AbbreviatedData>${path}</ofd:AbbreviatedData></ofd:PathObject>`
  );
}

function writeImage(image: PlacedImage, resources: PageResources): string {
  const [, , width, height] = image.box;
  return (
    `<ofd:ImageObject ID="${resources.nextId()}" Boundary="${writeBox(image.box)}" ` +
    `CTM="${n(width)} 0 0 ${n(height)} 0 0" ResourceID="${resources.imageIds.get(image.key) ?? 0}"/>`
  );
}

function writeColour(element: 'FillColor' | 'StrokeColor', colour: Colour, resources: PageResources): string {
  return `<ofd:${element} Value="${colour.join(' ')}" ColorSpace="${resources.colourSpaceId}"/>`;
}

function writeBox(box: Box): string {
  return box.map(n).join(' ');
}
