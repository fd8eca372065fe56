/** A change in the words in which other systems are told of it, by the feed and by notices alike. No personal data. */
import type { ChangeColumns } from './rows.ts';

export interface ChangeView {
  readonly type: ChangeColumns['type'];
  /** GB/T 36904 identifier of a licence, or catalogue code. */
  readonly identifier: string;
  readonly catalogueCode: string;
  /** Counts the changes of this one licence or entry; what comes with a smaller number than one already known is older. */
  readonly sequence: number;
  readonly act: string;
  readonly status: ChangeColumns['status'];
  readonly commitment: boolean;
  readonly issuingBody: string;
  readonly at: string;
}

export function viewChange(row: ChangeColumns): ChangeView {
  const { type, identifier, catalogueCode, sequence, act, status, commitment, issuingBody, atMs } = row;
  const common = { type, identifier, catalogueCode, sequence, act, status, commitment, issuingBody };
  return { ...common, at: new Date(atMs).toISOString() };
}
