/** A page of a PDF by its index, down the page tree (ISO 32000-1 §7.7.3), with what it inherits. */
import { SigningError } from '../error.ts';
import { numbers } from './make-value.ts';
import type { PdfChanges } from './pdf-changes.ts';
import { integerOf, nameOf, type PdfDict, type PdfRef, type PdfValue, pdfFault } from './syntax/pdf-value.ts';

export interface FoundPage {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** Left, bottom, right, top of what is shown, in the page's units. */
  readonly shown: readonly [number, number, number, number];
  /** Turned clockwise by so many degrees when shown: 0, 90, 180 or 270. */
  readonly turned: number;
  /** Units of the page in a millimetre. */
  readonly unitsPerMm: number;
}

const MAX_NODES = 1_000_000;
const POINTS_PER_MM = 72 / 25.4;
const INHERITED = ['MediaBox', 'CropBox', 'Rotate'];

interface Node {
  readonly value: PdfValue;
  readonly inherited: ReadonlyMap<string, PdfValue>;
}

/** @param index from 0
 * @throws MALFORMED when the page is not there, or its tree is broken; TOO_LARGE for a tree without bounds */
export function findPage(changes: PdfChanges, index: number): FoundPage {
  const pending: Node[] = [
    { value: changes.catalogue().value.entries.get('Pages') ?? { kind: 'null' }, inherited: new Map() },
  ];
  const seen = new Set<number>();
  let left = index;
  while (seen.size < MAX_NODES) {
    const node = pending.pop();
    if (node === undefined) throw new SigningError('MALFORMED', 'the page to sign is not there', { page: index });
    const dict = changes.dict(node.value);
    if (dict === undefined || node.value.kind !== 'ref' || seen.has(node.value.number)) {
      throw pdfFault('page tree broken', 0);
    }
    seen.add(node.value.number);
    const inherited = new Map(node.inherited);
    for (const key of INHERITED) {
      const own = dict.entries.get(key);
      if (own !== undefined) inherited.set(key, changes.resolve(own));
    }
    const kids = changes.resolve(dict.entries.get('Kids'));
    if (kids.kind === 'array' && nameOf(changes.resolve(dict.entries.get('Type'))) !== 'Page') {
      if (pending.length + kids.items.length > MAX_NODES) throw new SigningError('TOO_LARGE', 'too many pages');
      for (const value of kids.items.toReversed()) pending.push({ value, inherited });
    } else if (left === 0) {
      return toPage(changes, node.value, dict, inherited);
    } else {
      left -= 1;
    }
  }
  throw new SigningError('TOO_LARGE', 'too many pages');
}

function toPage(changes: PdfChanges, ref: PdfRef, dict: PdfDict, inherited: ReadonlyMap<string, PdfValue>): FoundPage {
  const media = rectangleOf(changes, inherited.get('MediaBox'));
  const crop = rectangleOf(changes, inherited.get('CropBox')) ?? media;
  if (media === undefined || crop === undefined) throw pdfFault('page without a size', 0);
  const unit = changes.resolve(dict.entries.get('UserUnit'));
  const turned = (((integerOf(inherited.get('Rotate')) ?? 0) % 360) + 360) % 360;
  return {
    ref,
    dict,
    shown: [
      Math.max(media[0], crop[0]),
      Math.max(media[1], crop[1]),
      Math.min(media[2], crop[2]),
      Math.min(media[3], crop[3]),
    ],
    turned: turned % 90 === 0 ? turned : 0,
    unitsPerMm: POINTS_PER_MM / (unit.kind === 'number' && unit.value > 0 ? unit.value : 1),
  };
}

/** §7.9.5: any two opposite corners, put in order. */
export function rectangleOf(
  changes: PdfChanges,
  value: PdfValue | undefined,
): readonly [number, number, number, number] | undefined {
  const list = changes.resolve(value);
  const corners = list.kind === 'array' ? list.items.map((item) => changes.resolve(item)) : [];
  const [a, b, c, d] = corners.map((corner) => (corner.kind === 'number' ? corner.value : undefined));
  if (corners.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined)
    return undefined;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** A box on the page as it is shown (millimetres from its top left corner) as a rectangle in the page's units. */
export function rectangleOn(page: FoundPage, box: readonly [number, number, number, number]): PdfValue {
  const [x, y, width, height] = box.map((length) => length * page.unitsPerMm) as [number, number, number, number];
  const [left, bottom, right, top] = page.shown;
  const corners = {
    0: [left + x, top - y - height, left + x + width, top - y],
    90: [left + y, bottom + x, left + y + height, bottom + x + width],
    180: [right - x - width, bottom + y, right - x, bottom + y + height],
    270: [right - y - height, top - x - width, right - y, top - x],
  }[page.turned];
  return numbers((corners ?? []).map((corner) => Number(corner.toFixed(4))));
}
