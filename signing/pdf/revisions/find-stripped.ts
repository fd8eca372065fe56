/** Signatures that a file once had, or had announced, and that its readers do not see any more. What follows a signature is
 *  compared with it; what was signed before the first one that is left is looked for here. */
import { SigningError } from '../../error.ts';
import { endOf, type FoundSignature } from '../find-signatures.ts';
import { emptyRequiredSignatures, type FormNode, formNodes } from '../form-nodes.ts';
import { openPdf } from '../syntax/open-pdf.ts';
import type { PdfFile } from '../syntax/pdf-file.ts';

/** Older states that are looked at: more than programs write before anybody signs. */
const MAX_STATES = 20;

/** @param signatures those that are left, at least one @param nodes the form as readers see it */
export function isStripped(file: PdfFile, signatures: readonly FoundSignature[], nodes: readonly FormNode[]): boolean {
  if (emptyRequiredSignatures(nodes).length > 0) return true;
  const [first] = signatures;
  const end = first === undefined || first.fault !== undefined ? file.bytes.length : endOf(first);
  const older = file.sections.filter(({ offset }) => offset < end).slice(1, 1 + MAX_STATES);
  const now = new Set(nodes.flatMap(({ type, name, value }) => (type === 'Sig' && value !== undefined ? [name] : [])));
  return older.some(({ offset }) => signedFields(file, offset).some((name) => !now.has(name)));
}

/** Names of the signature fields that were filled when these cross-references were the newest. @throws TOO_LARGE */
function signedFields(file: PdfFile, offset: number): string[] {
  try {
    const state = openPdf(file.bytes, file.budget, offset);
    const signed = formNodes(state).filter(
      ({ type, value }) => type === 'Sig' && state.dict(value)?.entries.has('ByteRange') === true,
    );
    return signed.map(({ name }) => name);
  } catch (error) {
    if (error instanceof SigningError && error.code !== 'TOO_LARGE') return [];
    throw error;
  }
}
