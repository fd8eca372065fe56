/** Two algorithms in one PDF, and both must pass. The form:
 *
 *  1. The first revision holds the first signature, RSA, in field `Signature1`. It certifies the document with DocMDP
 *     P = 2: what is there must not change, further signatures may be added. In the same revision, and so under the
 *     first signature, stands a second signature field without a value, named `SM2Signature`, with the flag Required
 *     (ISO 32000-1 table 221, bit 2).
 *  2. The second revision fills that field, and does nothing else: the second signature, SM2 with SM3, covers the whole
 *     file with the first signature in it.
 *
 *  A reader that knows no SM2 still finds the first signature valid. A file whose first revision is signed while the
 *  required field is empty has lost its second signature: it was cut off, or never made. */
import { SigningError } from '../error.ts';
import type { Box } from '../face/face.ts';
import type { NewField } from './add-field.ts';
import { REQUIRED } from './field-flags.ts';

export interface AnnouncedSignature {
  /** Page index, from 0. */
  readonly page: number;
  /** Where the second signature will show a seal; absent: it is not seen. */
  readonly box?: Box;
  /** Default `SM2Signature`. */
  readonly fieldName?: string;
}

export const signatureFieldName = 'Signature';
export const announcedFieldName = 'SM2Signature';

/** The empty, required field. @throws UNSUPPORTED when the announcing signature would forbid the announced one */
export function announcedField(announced: AnnouncedSignature, certify: number | undefined): NewField {
  if (certify === 1) {
    throw new SigningError('UNSUPPORTED', 'a certification against every change cannot announce a signature', {
      reason: 'NO_CHANGES_ALLOWED',
    });
  }
  const { fieldName = announcedFieldName } = announced;
  return { ...announced, fieldName, numbered: false, flags: REQUIRED };
}
