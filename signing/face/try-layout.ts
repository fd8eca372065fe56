/** Lay out every item of a face and gather all faults on the way. */
import type { FontBook } from '../font/open-font-book.ts';
import type { Box, FaceContent, FaceFault, FaceItem, FaceLayout, FacePage, TextItem } from './face.ts';
import type { FaceMark, LaidOutFace, LaidOutPage, PlacedImage } from './laid-out-face.ts';
import { parseColour } from './parse-colour.ts';
import { placeQr } from './place-qr.ts';
import { placeText } from './place-text.ts';
import { readImage } from './read-image.ts';

export interface LayoutAttempt {
  readonly face: LaidOutFace;
  readonly faults: readonly FaceFault[];
}

type Report = (fault: Pick<FaceFault, 'code' | 'fields' | 'text'>) => void;

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

export function tryLayout(layout: FaceLayout, content: FaceContent, fonts: FontBook): LayoutAttempt {
  const faults: FaceFault[] = [];
  const pages = layout.pages.map((page, number) => layPage(page, number, content, fonts, faults));
  return { face: { pages }, faults };
}

function layPage(
  page: FacePage,
  number: number,
  content: FaceContent,
  fonts: FontBook,
  faults: FaceFault[],
): LaidOutPage {
  const marks: FaceMark[] = [];
  const seals: Box[] = [];
  if (page.baseImage !== undefined) {
    const name = page.baseImage;
    const whole: Box = [0, 0, page.widthMm, page.heightMm];
    const report: Report = (fault) => faults.push({ ...fault, page: number, item: -1 });
    if (content.images[name] === undefined) report({ code: 'IMAGE_MISSING', fields: [name], text: name });
    marks.push(...placeImage(name, whole, content, report, false));
  }
  page.items.forEach((item, index) => {
    if (item.kind === 'seal') seals.push(item.box);
    else marks.push(...layItem(item, content, fonts, (fault) => faults.push({ ...fault, page: number, item: index })));
  });
  return { name: page.name, widthMm: page.widthMm, heightMm: page.heightMm, marks, seals };
}

function layItem(
  item: Exclude<FaceItem, { kind: 'seal' }>,
  content: FaceContent,
  fonts: FontBook,
  report: Report,
): readonly FaceMark[] {
  switch (item.kind) {
    case 'text':
      return layText(item, content, fonts, report);
    case 'qr':
      return content.qr === '' ? [] : [placeQr(content.qr, item.box)];
    case 'image':
      return placeImage(item.field, item.box, content, report, true);
    case 'line':
      return [{ ...item, colour: parseColour(item.colour ?? '#000000') }];
  }
}

function layText(item: TextItem, content: FaceContent, fonts: FontBook, report: Report): readonly FaceMark[] {
  if (item.when !== undefined && (content.values[item.when] ?? '') === '') return [];
  const fields: string[] = [];
  const text = item.text.replace(PLACEHOLDER, (_, key: string) => {
    fields.push(key);
    return content.values[key] ?? '';
  });
  if (text === '') return [];
  const placed = placeText(item, text, fonts);
  if (placed.missing !== '') report({ code: 'GLYPH_MISSING', fields, text: placed.missing });
  if (placed.overflows) report({ code: 'TEXT_OVERFLOW', fields, text });
  return placed.runs;
}

/** A field without a picture draws as nothing: whether it is required is the catalogue's rule. */
function placeImage(key: string, box: Box, content: FaceContent, report: Report, proportional: boolean): PlacedImage[] {
  const bytes = content.images[key];
  if (bytes === undefined) return [];
  const facts = readImage(bytes);
  if (facts === undefined) {
    report({ code: 'IMAGE_UNREADABLE', fields: [key], text: key });
    return [];
  }
  const fitted = proportional ? fitInside(box, facts.widthPx / facts.heightPx) : box;
  return [{ kind: 'image', key, format: facts.format, bytes, box: fitted }];
}

/** The largest box of a given width-to-height ratio in the middle of a box. */
export function fitInside(box: Box, ratio: number): Box {
  const [xMm, yMm, widthMm, heightMm] = box;
  const width = Math.min(widthMm, heightMm * ratio);
  const height = width / ratio;
  return [xMm + (widthMm - width) / 2, yMm + (heightMm - height) / 2, width, height];
}
