/** What followed each signature: every signed revision is opened by itself and compared with the next one, and the last
 *  with the whole file. */
import { SigningError } from '../../error.ts';
import type { CheckCode } from '../../verify/check-words.ts';
import { endOf, type FoundSignature } from '../find-signatures.ts';
import { formNodes } from '../form-nodes.ts';
import type { PdfFile } from '../syntax/pdf-file.ts';
import { compareRevisions } from './compare-revisions.ts';
import type { LaterRevision } from './judge-later.ts';
import { openRevision } from './open-revision.ts';

/** One for each signature; undefined when nothing follows it. @throws TOO_LARGE */
export function followRevisions(
  file: PdfFile,
  signatures: readonly FoundSignature[],
): readonly (LaterRevision | undefined)[] {
  let before: PdfFile | undefined;
  return signatures.map((signature, at) => {
    const next = signatures[at + 1];
    const [end, until] = [endOf(signature), next === undefined ? file.bytes.length : endOf(next)];
    if (signature.fault !== undefined || next?.fault !== undefined || end >= until) return undefined;
    before = before?.bytes.length === end ? before : openRevision(file, end);
    const after: PdfFile | undefined = until === file.bytes.length ? file : openRevision(file, until);
    const changes = compareRange(before, after, signature, end);
    before = after;
    return { changes, covered: next !== undefined };
  });
}

function compareRange(
  before: PdfFile | undefined,
  after: PdfFile | undefined,
  signature: FoundSignature,
  end: number,
): LaterRevision['changes'] {
  if (before === undefined || after === undefined) return 'BYTE_RANGE_WRONG';
  if (before.sections[0]?.offset === after.sections[0]?.offset) return 'TRAILING_BYTES';
  try {
    if (!shows(before, signature)) return 'SIGNATURE_LIST_WRONG';
    return strippedBetween(before, after) ?? compareRevisions(before, after, end);
  } catch (error) {
    if (error instanceof SigningError && error.code === 'MALFORMED') return 'CHANGED_AFTER_SIGNING';
    throw error;
  }
}

/** The signature was a field's value in its own revision already: otherwise it was hidden, and brought to light later. */
function shows(revision: PdfFile, { contents }: FoundSignature): boolean {
  return formNodes(revision).some(({ type, value }) => {
    const dict = type === 'Sig' ? revision.dict(value) : undefined;
    const own = dict?.entries.get('Contents');
    return own?.kind === 'string' && own.start === contents.start && own.end === contents.end;
  });
}

/** A signature, or a field that must have one, was there and is gone. */
function strippedBetween(before: PdfFile, after: PdfFile): CheckCode | undefined {
  // a field and the places where it shows share a name: one value is enough
  const now = new Map<string, boolean>();
  for (const { type, name, value } of formNodes(after)) {
    if (type === 'Sig') now.set(name, now.get(name) === true || value !== undefined);
  }
  const gone = formNodes(before).some(({ type, name, value, flags }) => {
    if (type !== 'Sig' || (value === undefined && (flags & 2) === 0)) return false;
    return value === undefined ? !now.has(name) : now.get(name) !== true;
  });
  return gone ? 'SIGNATURE_STRIPPED' : undefined;
}
