/** What a PDF signature is over, and the structure that stands in its room (ISO 32000-1 §12.8.1). */
import { shellLength } from '../cms/to-der-shell.ts';
import { SigningError } from '../error.ts';
import type { FoundSignature } from './find-signatures.ts';
import type { PdfFile } from './syntax/pdf-file.ts';

/** The two parts of the byte range: views, not copies. */
export function signedParts({ bytes }: PdfFile, { byteRange }: FoundSignature): readonly Uint8Array[] {
  const [first, firstLength, second, secondLength] = byteRange;
  return [bytes.subarray(first, first + firstLength), bytes.subarray(second, second + secondLength)];
}

/** The structure at the beginning of /Contents; what is left of the room must be zeros.
 * @throws MALFORMED, with reason PADDING_WRONG when something hides there */
export function structureOf({ contents }: FoundSignature): Uint8Array {
  const length = shellLength(contents.bytes);
  for (let at = length; at < contents.bytes.length; at += 1) {
    if (contents.bytes[at] === 0) continue;
    throw new SigningError('MALFORMED', 'the padding of a signature is not all zeros', { reason: 'PADDING_WRONG' });
  }
  return contents.bytes.subarray(0, length);
}
