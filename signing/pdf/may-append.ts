/** What a PDF's earlier signatures allow to be appended (ISO 32000-2 §12.8.2.2): after a certification that forbids
 *  every change only validation data and document time-stamps; a certification itself only as the first signature. */
import { SigningError } from '../error.ts';
import { findFields } from './find-fields.ts';
import type { PdfChanges } from './pdf-changes.ts';
import { integerOf, nameOf } from './syntax/pdf-value.ts';

/** @throws UNSUPPORTED with reason NO_CHANGES_ALLOWED or NOT_FIRST */
export function checkMaySign(changes: PdfChanges, certify: number | undefined): void {
  if (permissionOf(changes) === 1) {
    throw new SigningError('UNSUPPORTED', 'the document is certified against every change', {
      reason: 'NO_CHANGES_ALLOWED',
    });
  }
  if (certify !== undefined && isSigned(changes)) {
    throw new SigningError('UNSUPPORTED', 'only the first signature can certify', { reason: 'NOT_FIRST' });
  }
}

/** Whether a signature field is filled. */
export function isSigned(changes: PdfChanges): boolean {
  return findFields(changes).some(
    ({ type, dict }) => type === 'Sig' && changes.dict(dict.entries.get('V')) !== undefined,
  );
}

/** /P of the certification, 2 when unsaid; undefined when there is none. */
function permissionOf(changes: PdfChanges): number | undefined {
  const permissions = changes.dict(changes.catalogue().value.entries.get('Perms'));
  const signature = changes.dict(permissions?.entries.get('DocMDP'));
  if (signature === undefined) return undefined;
  const references = changes.resolve(signature.entries.get('Reference'));
  for (const item of references.kind === 'array' ? references.items : []) {
    const reference = changes.dict(item);
    if (nameOf(changes.resolve(reference?.entries.get('TransformMethod'))) !== 'DocMDP') continue;
    const parameters = changes.dict(reference?.entries.get('TransformParams'));
    return integerOf(changes.resolve(parameters?.entries.get('P'))) ?? 2;
  }
  return 2;
}
