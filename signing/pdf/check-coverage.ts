/** Whether a signature covers its whole revision (ISO 32000-1 §12.8.1), and whether what came after it was permitted. */
import { type CheckCode, check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { endOf, type FoundSignature } from './find-signatures.ts';
import { judgeLater, type LaterRevision } from './revisions/judge-later.ts';

export interface Coverage {
  readonly bytes: Uint8Array;
  /** All signatures in the order of what they cover. */
  readonly signatures: readonly FoundSignature[];
  /** What followed each of them, up to the next or to the end of the file; undefined when nothing did. */
  readonly later: readonly (LaterRevision | undefined)[];
  /** Signatures that the signed content announces are missing. */
  readonly stripped: boolean;
}

export function checkCoverage(coverage: Coverage, signature: FoundSignature, where: string): readonly Check[] {
  const at = coverage.signatures.indexOf(signature);
  const fault = rangeFault(coverage, signature);
  if (fault !== undefined) return [check('coverage', 'failed', fault, where)];
  const later = coverage.later.slice(at).filter((one) => one !== undefined);
  const found = judgeLater(coverage.signatures.slice(0, at + 1), later);
  const checks = found.map(({ outcome, code }) => check('coverage', outcome, code, where));
  if (coverage.stripped) checks.push(check('coverage', 'failed', 'SIGNATURE_STRIPPED', where));
  return checks.length === 0 ? [passed('coverage', where)] : checks;
}

/** The gap of the byte range is exactly the hexadecimal string of this signature's own /Contents, delimiters included. */
function rangeFault({ bytes, signatures }: Coverage, signature: FoundSignature): CheckCode | undefined {
  const { byteRange, contents } = signature;
  const [first, firstLength, second, secondLength] = byteRange;
  const inOrder = first === 0 && secondLength > 0 && firstLength < second && second + secondLength <= bytes.length;
  if (signature.fault !== undefined || !inOrder) return 'BYTE_RANGE_WRONG';
  // White space among the digits would be passed over by a reader, and could carry anything.
  if (!contents.plainHex || firstLength !== contents.start || second !== contents.end) return 'UNCOVERED';
  const others = signatures.filter((other) => other !== signature && other.fault === undefined);
  const overlaps = others.some(
    (other) =>
      endOf(other) === endOf(signature) ||
      // the room of a later signature must not lie in what is signed
      (endOf(other) > endOf(signature) && other.contents.start < endOf(signature)),
  );
  return overlaps ? 'SIGNATURES_OVERLAP' : undefined;
}
