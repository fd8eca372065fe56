/** A circular of criticism (通报批评) as it is shown. */
import type { CircularColumns } from './rows.ts';

export interface CircularView {
  readonly orderId: string;
  /** Null as long as it is a draft. */
  readonly number: string | null;
  readonly state: CircularColumns['state'];
  readonly organisationCode: string;
  readonly dueAt: string;
  /** Days begun since the limit. */
  readonly daysLate: number;
  readonly text: string;
  readonly draftedAt: string;
  readonly publishedAt: string | null;
}

export function viewCircular(row: CircularColumns): CircularView {
  const { id, number, state, organisationCode, dueAt, daysLate, text, draftedAt, publishedAt } = row;
  return {
    ...{ orderId: id, number, state, organisationCode, dueAt: dueAt.toISOString(), daysLate, text },
    ...{ draftedAt: draftedAt.toISOString(), publishedAt: publishedAt?.toISOString() ?? null },
  };
}
