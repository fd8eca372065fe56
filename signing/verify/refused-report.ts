import type { SigningError } from '../error.ts';
import { CHECK_CODES, type CheckCode, check } from './check-words.ts';
import type { VerificationPolicy, VerificationReport } from './report.ts';

/** The check code that a reader's fault stands for; `otherwise` when it names none. */
export function codeOfFault(error: SigningError, otherwise: CheckCode): CheckCode {
  if (error.code === 'TOO_LARGE') return 'TOO_LARGE';
  return CHECK_CODES.find((code) => code === error.details.reason) ?? otherwise;
}

/** Where in the file a reader's fault was seen, if it says. */
export function placeOfFault(error: SigningError): string | undefined {
  const { entry } = error.details;
  return typeof entry === 'string' ? entry : undefined;
}

/** The report of a file that cannot be judged any further: its structure has failed. */
export function refusedReport(
  format: VerificationReport['format'],
  policy: VerificationPolicy,
  code: CheckCode,
  where?: string,
): VerificationReport {
  return {
    format,
    signed: false,
    valid: false,
    trusted: policy.certificates === undefined ? null : false,
    checks: [check('structure', 'failed', code, where)],
  };
}
