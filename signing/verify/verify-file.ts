/** Judge any file: tell OFD and PDF apart by their first bytes, and let the verifier of the format speak. */
import { SigningError } from '../error.ts';
import { verifyOfd } from '../ofd/verify-ofd.ts';
import { verifyPdf } from '../pdf/verify-pdf.ts';
import { refusedReport } from './refused-report.ts';
import type { VerificationPolicy, VerificationReport } from './report.ts';

type Verifier = (bytes: Uint8Array, policy: VerificationPolicy) => VerificationReport;

/** How far into a file the PDF header may lie (ISO 32000-1 annex H.3.4.1, as readers practise it). */
const PDF_HEADER_WITHIN = 1024;

const FORMATS: readonly { format: 'ofd' | 'pdf'; isOne: (bytes: Buffer) => boolean; verify: Verifier }[] = [
  { format: 'ofd', isOne: (bytes) => bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04', verify: verifyOfd },
  { format: 'pdf', isOne: (bytes) => bytes.subarray(0, PDF_HEADER_WITHIN).includes('%PDF-'), verify: verifyPdf },
];

/** Judge a file. Whatever the bytes, there is a report: what cannot be parsed has a failed `structure`.
 *  @throws SELF_TEST_FAILED only, when this machine cannot do SM2 at all */
export function verifyFile(bytes: Uint8Array, policy: VerificationPolicy): VerificationReport {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = FORMATS.find(({ isOne }) => isOne(view));
  if (!known) return refusedReport('unknown', policy, 'UNKNOWN_FORMAT');
  try {
    return known.verify(bytes, policy);
  } catch (error) {
    if (error instanceof SigningError && error.code === 'SELF_TEST_FAILED') throw error;
    // one hostile file must never stop the judging of the others
    return refusedReport(known.format, policy, 'UNREADABLE');
  }
}
