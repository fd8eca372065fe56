/** The report as it leaves the verifier: facts, meaning under rules, verdict, and which bytes it speaks of.
 *  Its JSON form is published as a schema (report-schema.ts). */
import { type Conclusion, conclude, type Verdict } from './conclude.ts';
import type { SignatureFacts, VerificationReport } from './report.ts';
import type { VerificationRules } from './rules.ts';

export interface ReportDocument extends VerificationReport {
  readonly reportVersion: 1;
  readonly verdict: Verdict;
  readonly reason: Conclusion['reason'];
  readonly signatures: readonly SignatureFacts[];
  /** SM3 of the file, 64 hexadecimal characters; null when its examination was broken off. */
  readonly sm3: string | null;
  /** Length of the file in bytes. */
  readonly bytes: number;
  /** The moment of judging, ISO 8601 in UTC. */
  readonly judgedAt: string;
  readonly rules: { readonly name: string; readonly version: number };
  /** As it was handed in; absent when the bytes came without a name. */
  readonly file?: string;
}

export interface Examined {
  readonly sm3: string | null;
  readonly bytes: number;
  readonly at: Date;
  readonly rules: VerificationRules;
  readonly file?: string | undefined;
}

/** @param report after applyRules */
export function toDocument(report: VerificationReport, examined: Examined): ReportDocument {
  const { format, signed, valid, trusted, checks, signatures = [] } = report;
  const { file, sm3, bytes, at, rules } = examined;
  return {
    ...(file === undefined ? {} : { file }),
    reportVersion: 1,
    format,
    signed,
    valid,
    trusted,
    ...conclude(report),
    checks,
    signatures,
    sm3,
    bytes,
    judgedAt: at.toISOString(),
    rules: { name: rules.name, version: rules.version },
  };
}
