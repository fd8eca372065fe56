/** What is gathered while a signed revision is compared with a later one. */
import { SigningError } from '../../error.ts';
import type { CheckCode } from '../../verify/check-words.ts';
import type { FormNode } from '../form-nodes.ts';
import type { PdfFile } from '../syntax/pdf-file.ts';
import type { ChangedObjects } from './changed-objects.ts';

/** What a later revision did, so far as it may be done at all. */
export interface RevisionChanges {
  /** Fields that were given a signature, or made for one. */
  readonly signatures: boolean;
  /** Some signature takes room on a page that no earlier revision gave it, and so could hide what lies beneath. */
  readonly placed: boolean;
  /** Document time-stamps that are not seen. */
  readonly timeStamps: boolean;
  /** The document security store. */
  readonly validationData: boolean;
  /** Names of fields that were filled in. */
  readonly filled: readonly string[];
  readonly annotated: boolean;
  /** Some annotation shows what its maker drew, and so could hide what lies beneath. */
  readonly drawnOver: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface Comparison {
  readonly before: PdfFile;
  readonly after: PdfFile;
  readonly changed: ChangedObjects;
  /** The form of the signed revision, by object number; nodes that stand in lists themselves cannot change alone. */
  readonly nodes: ReadonlyMap<number, FormNode>;
  /** Names of all fields of the signed revision. */
  readonly names: ReadonlySet<string>;
  /** Object numbers of fields that the later revision added: signatures all. */
  readonly newFields: Set<number>;
  readonly found: Mutable<Omit<RevisionChanges, 'filled'>> & { readonly filled: string[] };
}

/** Ends the comparison: this change is never permitted. */
export function forbidden(code: CheckCode): SigningError {
  return new SigningError('MALFORMED', `PDF: ${code}`, { reason: code });
}
