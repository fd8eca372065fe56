/** The one engine behind API, page, command line and bundle: verify, apply rules, conclude. */
import { sm3 } from '../sm2/sm3.ts';
import { addChecks, applyRules, policyUnder } from './apply-rules.ts';
import { conclude } from './conclude.ts';
import { refusedReport } from './refused-report.ts';
import type { Check, VerificationPolicy } from './report.ts';
import { type ReportDocument, toDocument } from './report-document.ts';
import { DEFAULT_RULES, type VerificationRules } from './rules.ts';
import { verifyFile } from './verify-file.ts';

export interface Judging {
  readonly policy: VerificationPolicy;
  /** Default: the built-in rules `default`. */
  readonly rules?: VerificationRules;
  /** The name of the file, for the report. */
  readonly file?: string | undefined;
}

/** Judge a file; whatever the bytes, there is a report.
 *  @throws SELF_TEST_FAILED only, when this machine cannot do SM2 at all */
export function judgeFile(bytes: Uint8Array, { policy, rules = DEFAULT_RULES, file }: Judging): ReportDocument {
  const report = applyRules(verifyFile(bytes, policyUnder(rules, policy)), rules, policy);
  const digest = Buffer.from(sm3(bytes)).toString('hex');
  return toDocument(report, { sm3: digest, bytes: bytes.length, at: policy.at, rules, file });
}

/** A report to which the floors above add what they know: status, dispute. */
export function extendReport(
  document: ReportDocument,
  further: readonly Check[],
  rules: VerificationRules = DEFAULT_RULES,
): ReportDocument {
  const extended = addChecks(document, further, rules);
  return { ...extended, ...conclude(extended) };
}

/** The report of a file whose examination was broken off at a limit of time or memory; its bytes are gone. */
export function reportUnexamined({ policy, rules = DEFAULT_RULES, file }: Judging, bytes: number): ReportDocument {
  const report = refusedReport('unknown', policy, 'TOO_LARGE');
  return toDocument(report, { sm3: null, bytes, at: policy.at, rules, file });
}
