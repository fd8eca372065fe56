/** Fill an empty signature field of a PDF that is there already (ISO 32000-1 §12.7.4.5). */
import { SigningError } from '../error.ts';
import { appearance, markSigned } from './add-field.ts';
import { type FormField, findFields } from './find-fields.ts';
import { rectangleOf } from './find-page.ts';
import { withEntries } from './make-value.ts';
import type { PdfChanges } from './pdf-changes.ts';
import { integerOf, nameOf, type PdfDict, type PdfRef, type PdfValue } from './syntax/pdf-value.ts';

export interface FilledField {
  /** The whole name of the field. */
  readonly fieldName: string;
  /** Shown in the field, when it has a place on a page. */
  readonly picture?: Uint8Array;
}

/** @throws MALFORMED with reason NO_FIELD or FIELD_TAKEN, UNSUPPORTED for a picture that cannot be shown */
export function fillField(changes: PdfChanges, { fieldName, picture }: FilledField, signature: PdfRef): void {
  const field = findFields(changes).find(({ name, type }) => name === fieldName && type === 'Sig');
  if (field?.value.kind !== 'ref')
    throw new SigningError('MALFORMED', 'no such signature field', { reason: 'NO_FIELD' });
  if (changes.resolve(field.dict.entries.get('V')).kind !== 'null') {
    throw new SigningError('MALFORMED', 'the field is signed already', { reason: 'FIELD_TAKEN' });
  }
  changes.change(field.value, withEntries(field.dict, { V: signature }));
  if (picture !== undefined) showIn(changes, field, picture);
  markSigned(changes);
}

/** The place is the field itself, or its first kid. */
function showIn(changes: PdfChanges, field: FormField, picture: Uint8Array): void {
  const kids = changes.resolve(field.dict.entries.get('Kids'));
  const place: PdfValue | undefined = kids.kind === 'array' ? kids.items[0] : field.value;
  const widget = changes.dict(place);
  if (place?.kind !== 'ref' || widget === undefined) return;
  const [left, bottom, right, top] = rectangleOf(changes, widget.entries.get('Rect')) ?? [0, 0, 0, 0];
  if (right <= left || top <= bottom) return;
  const turned = turnOf(changes, widget);
  const upright = turned % 180 === 0;
  const size = {
    width: upright ? right - left : top - bottom,
    height: upright ? top - bottom : right - left,
    turned,
  };
  changes.change(place, withEntries(widget, { AP: appearance(changes, picture, size) }));
}

/** As its page is turned, which it may inherit. */
function turnOf(changes: PdfChanges, widget: PdfDict): number {
  let node = changes.dict(widget.entries.get('P'));
  for (let hops = 0; node !== undefined && hops < 64; hops += 1) {
    const turn = integerOf(changes.resolve(node.entries.get('Rotate')));
    if (turn !== undefined) return turn % 90 === 0 ? ((turn % 360) + 360) % 360 : 0;
    if (nameOf(changes.resolve(node.entries.get('Type'))) === 'Catalog') break;
    node = changes.dict(node.entries.get('Parent'));
  }
  return 0;
}
