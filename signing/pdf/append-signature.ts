/** Prepare a signature in a PDF that is there already, in a revision of its own (ISO 32000-1 §7.5.6, §12.8.1): in a new
 *  field, or in an empty one. `signPdf` then signs it. Box in millimetres, origin top-left of the page as it is shown. */
import { addField } from './add-field.ts';
import { announcedField, signatureFieldName } from './announce-signature.ts';
import { fillField } from './fill-field.ts';
import { dict, withEntries } from './make-value.ts';
import { checkMaySign } from './may-append.ts';
import { PdfChanges } from './pdf-changes.ts';
import type { SignatureField } from './prepare-signature.ts';
import { type SignatureWords, signatureDictionary } from './signature-dictionary.ts';

export interface EmptyField extends SignatureWords {
  /** The whole name of the empty signature field that is to be filled. */
  readonly fieldName: string;
  /** PNG or JPEG, shown in the field when it has a place on a page. */
  readonly picture?: Uint8Array;
}

/** The file with one more revision, whose signature is still to be made.
 * @throws MALFORMED for a broken file, a page or field that is not there (NO_FIELD) or is taken (FIELD_TAKEN),
 *   UNSUPPORTED when it is encrypted (ENCRYPTED), certified against changes (NO_CHANGES_ALLOWED), or signed before a
 *   certification (NOT_FIRST), TOO_LARGE */
export function appendSignature(pdf: Uint8Array, field: SignatureField | EmptyField): Uint8Array {
  const changes = new PdfChanges(pdf);
  checkMaySign(changes, field.certify);
  const signature = changes.add(signatureDictionary(field));
  if ('fieldName' in field) {
    fillField(changes, field, signature);
  } else {
    const { page, seal } = field;
    const look = seal && { box: seal.box, picture: seal.picturePng };
    const width = seal?.pictureWidthMm === undefined ? {} : { pictureWidthMm: seal.pictureWidthMm };
    addField(changes, { page, fieldName: signatureFieldName, numbered: true, signature, ...look, ...width });
    if (field.announces !== undefined) addField(changes, announcedField(field.announces, field.certify));
  }
  if (field.certify !== undefined) {
    const { ref, value } = changes.catalogue();
    const permissions = changes.dict(value.entries.get('Perms')) ?? dict({});
    changes.change(ref, withEntries(value, { Perms: withEntries(permissions, { DocMDP: signature }) }));
  }
  return changes.append();
}
