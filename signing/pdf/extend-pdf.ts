/** Make a signed PDF last: validation data, then a document time-stamp over all of it (PAdES B-LT and B-LTA in one act,
 *  ETSI EN 319 142-1 §5.4, §6.3). Data alone would prove nothing about when it was there, so there is no way to add only
 *  that. To be done again before the last time-stamp's certificate ends, with the data that judges that time-stamp. */
import { SigningError } from '../error.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { addField } from './add-field.ts';
import { addValidationData, type ValidationData } from './append-validation-data.ts';
import { fillSignature } from './fill-signature.ts';
import { isSigned } from './may-append.ts';
import { PdfChanges } from './pdf-changes.ts';
import { timeStampDictionary } from './signature-dictionary.ts';

export interface PdfExtension extends ValidationData {
  readonly timeStamper: TimeStamper;
  /** Room for the time-stamp token in bytes; default 12,288. */
  readonly contentsBytes?: number;
}

/** The file with two more revisions: allowed even where a certification forbids every other change.
 * @throws MALFORMED for a broken file or one without a signature (UNSIGNED), UNSUPPORTED when it is encrypted,
 *   TOO_LARGE when the token does not fit; as the time-stamper throws */
export async function extendPdf(pdf: Uint8Array, extension: PdfExtension): Promise<Uint8Array> {
  return appendTimeStamp(appendValidationData(pdf, extension), extension);
}

/** A revision that whatever comes next must cover. @throws as `extendPdf` */
export function appendValidationData(pdf: Uint8Array, data: ValidationData): Uint8Array {
  const changes = new PdfChanges(pdf);
  if (!isSigned(changes)) throw new SigningError('MALFORMED', 'the PDF is not signed', { reason: 'UNSIGNED' });
  addValidationData(changes, data);
  return changes.append();
}

/** ISO 32000-2 §12.8.5: a signature field whose value is a time-stamp over the whole file. */
function appendTimeStamp(pdf: Uint8Array, { timeStamper, contentsBytes }: PdfExtension): Promise<Uint8Array> {
  const changes = new PdfChanges(pdf);
  const signature = changes.add(timeStampDictionary(contentsBytes));
  addField(changes, { page: 0, fieldName: 'TimeStamp', numbered: true, signature });
  return fillSignature(changes.append(), {
    forms: ['ETSI.RFC3161'],
    hash: timeStamper.hash,
    make: (digest) => timeStamper.stamp(digest),
  });
}
