/** Hang a signature field into a PDF (ISO 32000-1 §12.7.2, §12.7.4.5): into the form's list of fields, and as an
 *  annotation on a page. Field and annotation are one object. */
import { SigningError } from '../error.ts';
import type { Box } from '../face/face.ts';
import { PRINT_AND_LOCKED, SIGNATURES_EXIST_AND_APPEND_ONLY } from './field-flags.ts';
import { findFields } from './find-fields.ts';
import { findPage, rectangleOn } from './find-page.ts';
import { array, dict, name, nameString, number, numbers, withEntries } from './make-value.ts';
import type { PdfChanges } from './pdf-changes.ts';
import { writeSealAppearance } from './seal-appearance.ts';
import { integerOf, type PdfDict, type PdfRef, type PdfValue } from './syntax/pdf-value.ts';
import { writeImage } from './write-image.ts';

export interface NewField {
  /** Page index, from 0. */
  readonly page: number;
  /** The field's name, or what it begins with when a number is to follow. */
  readonly fieldName: string;
  readonly numbered: boolean;
  /** Millimetres from the top left corner of the page as it is shown; absent: the field is not seen. */
  readonly box?: Box;
  readonly picture?: Uint8Array;
  readonly pictureWidthMm?: number;
  /** Field flags (/Ff). */
  readonly flags?: number;
  /** The signature; absent: the field is empty. */
  readonly signature?: PdfRef;
}

/** @throws MALFORMED when the page is not there or the name is taken, UNSUPPORTED for a picture that cannot be shown */
export function addField(changes: PdfChanges, field: NewField): void {
  const page = findPage(changes, field.page);
  const [, , width, height] = (field.box ?? [0, 0, 0, 0]).map((length) => length * page.unitsPerMm);
  const wanted = field.pictureWidthMm === undefined ? undefined : field.pictureWidthMm * page.unitsPerMm;
  const size = { width: width ?? 0, height: height ?? 0, turned: page.turned };
  const look = field.picture === undefined ? undefined : appearance(changes, field.picture, size, wanted);
  const fieldName = freeName(changes, field);
  const widget = changes.add(
    dict({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: name('Sig'),
      T: nameString(fieldName),
      Ff: field.flags === undefined ? undefined : number(field.flags),
      F: number(PRINT_AND_LOCKED),
      P: page.ref,
      V: field.signature,
      Rect: field.box === undefined ? numbers([0, 0, 0, 0]) : rectangleOn(page, field.box),
      AP: look,
      MK: page.turned === 0 || field.box === undefined ? undefined : dict({ R: number(page.turned) }),
    }),
  );
  const annotations = changes.appendTo(page.dict, 'Annots', widget);
  if (annotations !== page.dict.entries.get('Annots')) {
    changes.change(page.ref, withEntries(page.dict, { Annots: annotations }));
  }
  changeForm(changes, (form) =>
    withEntries(form, { Fields: changes.appendTo(form, 'Fields', widget), SigFlags: signatureFlags(changes, form) }),
  );
}

/** The appearance dictionary that shows a picture. @throws UNSUPPORTED */
export function appearance(
  changes: PdfChanges,
  picture: Uint8Array,
  size: { readonly width: number; readonly height: number; readonly turned: number },
  wanted?: number,
): PdfDict {
  const image = writeImage(changes, picture);
  if (image === undefined) throw new SigningError('UNSUPPORTED', 'the seal’s picture is of a rare kind of PNG');
  return dict({ N: writeSealAppearance(changes, picture, image, size, wanted) });
}

/** Say in the form that signatures exist, and that the file is only ever to be appended to. */
export function markSigned(changes: PdfChanges): void {
  changeForm(changes, (form) => withEntries(form, { SigFlags: signatureFlags(changes, form) }));
}

function signatureFlags(changes: PdfChanges, form: PdfDict): PdfValue {
  return number((integerOf(changes.resolve(form.entries.get('SigFlags'))) ?? 0) | SIGNATURES_EXIST_AND_APPEND_ONLY);
}

/** Change the document's form where it stands, or give the document one. */
function changeForm(changes: PdfChanges, change: (form: PdfDict) => PdfDict): void {
  const catalogue = changes.catalogue();
  const held = catalogue.value.entries.get('AcroForm');
  const form = changes.dict(held);
  const changed = change(form ?? dict({ Fields: array([]) }));
  if (form !== undefined && same(form, changed)) return;
  if (held?.kind === 'ref' && form !== undefined) {
    changes.change(held, changed);
    return;
  }
  const value = form === undefined ? changes.add(changed) : changed;
  changes.change(catalogue.ref, withEntries(changes.catalogue().value, { AcroForm: value }));
}

function same(a: PdfDict, b: PdfDict): boolean {
  const equal = (one: PdfValue | undefined, other: PdfValue | undefined): boolean =>
    one === other || (integerOf(one) !== undefined && integerOf(one) === integerOf(other));
  return a.entries.size === b.entries.size && [...a.entries].every(([key, value]) => equal(value, b.entries.get(key)));
}

function freeName(changes: PdfChanges, field: NewField): string {
  const taken = new Set(findFields(changes).map(({ name: known }) => known));
  if (!field.numbered) {
    if (!taken.has(field.fieldName)) return field.fieldName;
    throw new SigningError('MALFORMED', 'a field of this name is there already', { reason: 'FIELD_TAKEN' });
  }
  let count = taken.size + 1;
  while (taken.has(`${field.fieldName}${count}`)) count += 1;
  return `${field.fieldName}${count}`;
}
