/** Whether signatures cover everything that is there (ISO 32000-1 §12.8.1, §7.5.6): the last one the whole file,
 *  earlier ones a whole revision to which only further signatures were added. */
import { check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { endOf, type FoundSignature } from './find-signatures.ts';
import { onlyAddsSignatures } from './only-adds-signatures.ts';
import type { PdfFile } from './syntax/pdf-file.ts';

/** @param last the file's last signature is this one */
export function checkCoverage(file: PdfFile, signature: FoundSignature, last: boolean, where: string): Check {
  const end = endOf(signature);
  if (!leavesOutOnlyItself(file.bytes, signature)) return check('coverage', 'failed', 'UNCOVERED', where);
  if (end === file.bytes.length) return passed('coverage', where);
  if (last || signature.certifies === 1 || !onlyAddsSignatures(file, end)) {
    return check('coverage', 'failed', 'CHANGED_AFTER_SIGNING', where);
  }
  return check('coverage', 'warned', 'SIGNED_ADDITION', where);
}

/** The gap of the byte range is exactly the hexadecimal string of this signature's own /Contents, delimiters included. */
function leavesOutOnlyItself(bytes: Uint8Array, { byteRange, contents }: FoundSignature): boolean {
  const [first, firstLength, second, secondLength] = byteRange;
  if (first !== 0 || secondLength <= 0 || second + secondLength > bytes.length) return false;
  // White space among the digits would be passed over by a reader, and could carry anything.
  return contents.plainHex && firstLength === contents.start && second === contents.end;
}
