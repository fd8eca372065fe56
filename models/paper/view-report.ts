/** A holder's report as it is told: to the holder, to the bureau and, once confirmed, to the body; never with the person. */
import type { PaperReportColumns } from './rows.ts';

export interface PaperReportView
  extends Omit<
    PaperReportColumns,
    'id' | 'onceKey' | 'holderId' | 'matterCode' | 'text' | 'judgedBy' | 'judgedAt' | 'filedAt'
  > {
  readonly reportId: string;
  readonly matter: string | null;
  /** Null for the body. */
  readonly words: string | null;
  readonly filedAt: string;
  readonly judgedAt: string | null;
}

/** @param isForBody the holder's own words, by which they may be known, are not for the body */
export function viewReport(row: PaperReportColumns, isForBody = false): PaperReportView {
  const { id, onceKey: ___, holderId: _, judgedBy: __, matterCode, text, filedAt, judgedAt, ...rest } = row;
  const times = { filedAt: filedAt.toISOString(), judgedAt: judgedAt?.toISOString() ?? null };
  return { reportId: id, ...rest, matter: matterCode, words: isForBody ? null : text, ...times };
}
