/** What is told of an analysis: what was asked and what was granted side by side, its course, its delivery. */
import type { FaultCode } from '../kernel/fault-codes.ts';
import { describeRecipient } from './read-recipient.ts';
import type { AnalysisApplication, AnalysisColumns, AnalysisMove, AnalysisState } from './rows.ts';
import type { AnalysisTerms } from './terms.ts';

export interface AnalysisView extends Omit<AnalysisApplication, 'certificate'> {
  readonly number: string;
  readonly organisationCode: string;
  readonly state: AnalysisState;
  readonly recipient: ReturnType<typeof describeRecipient>;
  readonly asked: AnalysisTerms;
  readonly granted: AnalysisTerms | null;
  readonly moves: readonly AnalysisMove[];
  readonly startsAt: string | null;
  readonly expiresAt: string | null;
  /** Null until it is ready. */
  readonly delivery: {
    readonly moment: string;
    /** Of each type that was granted, in their order. */
    readonly rows: readonly number[];
    readonly sm3: string;
    readonly sizeBytes: number;
    readonly downloads: number;
  } | null;
  readonly failure: FaultCode | null;
}

export function viewAnalysis(row: AnalysisColumns): AnalysisView {
  const { certificate, ...application } = row.application;
  const { moment, digest, rowCounts, sizeBytes, downloads } = row;
  return {
    number: row.number,
    organisationCode: row.organisationCode,
    state: row.state,
    ...application,
    recipient: describeRecipient(certificate),
    asked: row.asked,
    granted: row.granted,
    moves: row.moves,
    startsAt: row.startsAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    delivery:
      digest && moment ? { moment: moment.toISOString(), rows: rowCounts, sm3: digest, sizeBytes, downloads } : null,
    failure: row.failure?.code ?? null,
  };
}
