/** A request for paper as it is told: by case and matter, never with the person. */
import type { PaperRequestColumns } from './rows.ts';

export interface PaperRequestView
  extends Omit<
    PaperRequestColumns,
    'id' | 'onceKey' | 'holderIndex' | 'askedBy' | 'askedAt' | 'judgedBy' | 'judgedAt'
  > {
  readonly requestId: string;
  readonly askedAt: string;
  readonly judgedAt: string | null;
}

export function viewRequest(row: PaperRequestColumns): PaperRequestView {
  const { id, onceKey: ____, holderIndex: _, askedBy: __, judgedBy: ___, askedAt, judgedAt, ...rest } = row;
  return { requestId: id, ...rest, askedAt: askedAt.toISOString(), judgedAt: judgedAt?.toISOString() ?? null };
}
