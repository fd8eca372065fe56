/** Where a signature field shows, and whether it shows there only (ISO 32000-1 §12.5.3, §12.5.5): a reader fits the
 *  appearance's /BBox into the annotation's /Rect, so that a sound appearance stays where the field was placed. */
import type { PdfFile } from '../syntax/pdf-file.ts';
import { integerOf, type PdfDict, type PdfValue } from '../syntax/pdf-value.ts';
import { isSame } from './same-value.ts';

/** NoZoom and NoRotate (table 165): what bears them leaves its rectangle when the page is made smaller or turned. */
const LEAVES_ITS_PLACE = 8 | 16;

/** Whether the field takes room on a page; one that is not seen has a rectangle without extent (§12.7.4.5). */
export function hasPlace(file: PdfFile, field: PdfDict): boolean {
  const box = file.resolve(field.entries.get('Rect'));
  if (box.kind === 'null') return false;
  const [left, bottom, right, top] = box.kind === 'array' ? box.items.map((item) => file.resolve(item)) : [];
  if (left === undefined || top === undefined) return true;
  return !(isSame(left, right) && isSame(bottom, top));
}

/** Whether a field that has its place already stays in it, with the look it is given. */
export function staysInPlace(file: PdfFile, was: PdfDict, is: PdfDict): boolean {
  const flags = (field: PdfDict): number => integerOf(file.resolve(field.entries.get('F'))) ?? 0;
  if ((flags(is) & ~flags(was) & LEAVES_ITS_PLACE) !== 0) return false;
  if (isSame(was.entries.get('AP'), is.entries.get('AP'))) return true;
  const looks = file.resolve(is.entries.get('AP'));
  if (looks.kind !== 'dict') return looks.kind === 'null';
  return [...looks.entries.values()].every((look) => isSound(file, look));
}

/** A drawing with a box of its own, or one for each state. */
function isSound(file: PdfFile, look: PdfValue): boolean {
  const states = file.plainDict(look);
  if (states === undefined) return isBoxed(file, look);
  return [...states.entries.values()].every((state) => file.plainDict(state) === undefined && isBoxed(file, state));
}

/** Readers disagree about a box that is missing, or has no extent. */
function isBoxed(file: PdfFile, drawing: PdfValue): boolean {
  const dict = file.dict(drawing);
  const [a, b, c, d] = numbersOf(file, dict?.entries.get('BBox'), 4) ?? [];
  const matrix = file.resolve(dict?.entries.get('Matrix'));
  const [p = 1, q = 0, r = 0, s = 1] = numbersOf(file, matrix, 6) ?? [];
  if (matrix.kind !== 'null' && numbersOf(file, matrix, 6) === undefined) return false;
  return a !== c && b !== d && d !== undefined && p * s - q * r !== 0;
}

function numbersOf(file: PdfFile, value: PdfValue | undefined, count: number): readonly number[] | undefined {
  const list = file.resolve(value);
  const items = list.kind === 'array' ? list.items.map((item) => file.resolve(item)) : [];
  const numbers = items.flatMap((item) => (item.kind === 'number' ? [item.value] : []));
  return items.length === count && numbers.length === count ? numbers : undefined;
}
