/** What became of a page's annotations (ISO 32000-1 §12.5): those of new signature fields, and comments, may be added. */
import { nameOf, type PdfDict, type PdfValue } from '../syntax/pdf-value.ts';
import { writeValue } from '../write-value.ts';
import { refOf } from './compare-form.ts';
import { type Comparison, forbidden } from './comparison.ts';
import { changedKeys, isSame } from './same-value.ts';

/** Comments that a reader draws in its own way, over or beside the text they speak of. */
const MARKS = new Set(['Text', 'Popup', 'Highlight', 'Underline', 'Squiggly', 'StrikeOut']);
/** Comments that their maker draws. All other kinds link, act, embed or hide, and are not comments. */
const DRAWINGS = new Set(['FreeText', 'Line', 'Square', 'Circle', 'Polygon', 'PolyLine', 'Stamp', 'Caret', 'Ink']);
const ACTIVE_KEYS = ['A', 'AA', 'OC', 'PA', 'FS', 'Kids', 'FT', 'Parent'];

/** @throws the code of a change that is never permitted */
export function compareAnnotations(comparison: Comparison, was: PdfValue, is: PdfValue): void {
  const { before, after, newFields, changed, found } = comparison;
  const old = itemsOf(was);
  const now = itemsOf(is);
  if (old === undefined || now === undefined) throw forbidden('PAGE_CHANGED');
  const [wasThere, isThere] = [new Set(old.map(writeValue)), new Set(now.map(writeValue))];
  const kept = old.filter((item) => isThere.has(writeValue(item)));
  for (const item of old) {
    if (isThere.has(writeValue(item))) continue;
    if (!isComment(before.dict(item))) throw forbidden('PAGE_CHANGED');
    found.annotated = true;
    found.drawnOver = true;
  }
  const fresh = now.filter((item) => !wasThere.has(writeValue(item)));
  const stayed = now.filter((item) => wasThere.has(writeValue(item)));
  // what lies over what is part of what is seen
  if (stayed.length !== kept.length || !kept.every((item, at) => isSame(item, stayed[at]))) {
    throw forbidden('PAGE_CHANGED');
  }
  for (const item of fresh) {
    if (item.kind === 'ref' && newFields.has(item.number)) continue;
    if (item.kind === 'ref' && !changed.added.has(item.number)) throw forbidden('PAGE_CHANGED');
    takeComment(comparison, after.plainDict(item));
  }
}

function itemsOf(list: PdfValue): readonly PdfValue[] | undefined {
  return list.kind === 'array' ? list.items : list.kind === 'null' ? [] : undefined;
}

function takeComment({ found }: Comparison, annotation: PdfDict | undefined): void {
  if (!isComment(annotation)) throw forbidden('PAGE_CHANGED');
  found.annotated = true;
  const own = annotation?.entries.has('AP') || !MARKS.has(nameOf(annotation?.entries.get('Subtype')) ?? '');
  if (own) found.drawnOver = true;
}

function isComment(annotation: PdfDict | undefined): boolean {
  const kind = nameOf(annotation?.entries.get('Subtype')) ?? '';
  if (annotation === undefined || !(MARKS.has(kind) || DRAWINGS.has(kind))) return false;
  return !ACTIVE_KEYS.some((key) => annotation.entries.has(key));
}

/** An annotation of the signed revision that is another now. @returns false when it is no comment */
export function compareAnnotation(comparison: Comparison, number: number, was: PdfValue): boolean {
  if (was.kind !== 'dict' || !isComment(was)) return false;
  const is = comparison.after.plainDict(refOf(comparison, number));
  if (is === undefined || changedKeys(was, is).includes('Subtype')) return false;
  takeComment(comparison, is);
  return true;
}
