/** Verify a PDF over its original bytes (ISO 32000-1 §12.8, ETSI EN 319 142-1): each signature's structure, digest,
 *  value, certificate, time and coverage, and all that came after it. Reads what others wrote tolerantly, judges strictly.
 *  All signatures of a file must pass. */
import { SigningError } from '../error.ts';
import { check } from '../verify/check-words.ts';
import { codeOfFault, refusedReport } from '../verify/refused-report.ts';
import type { Check, SignatureFacts, VerificationPolicy, VerificationReport } from '../verify/report.ts';
import { isClosed } from '../x509/check-brought-along.ts';
import { storeWith, type TrustStore, trustStoreOf } from '../x509/trust-store.ts';
import { type Coverage, checkCoverage } from './check-coverage.ts';
import { endOf, type FoundSignature, findSignatures } from './find-signatures.ts';
import { formNodes } from './form-nodes.ts';
import { isOurs } from './is-ours.ts';
import { judgeSignature, type SignatureCase, type SignatureJudgement } from './judge-signature.ts';
import { readValidationData, type ValidationDataRead } from './read-validation-data.ts';
import { isStripped } from './revisions/find-stripped.ts';
import { followRevisions } from './revisions/follow-revisions.ts';
import { openPdf } from './syntax/open-pdf.ts';
import type { PdfFile } from './syntax/pdf-file.ts';

/** Never throws for what is in the file: a file that cannot be read is a report that says so.
 *  @throws SELF_TEST_FAILED only, when this machine cannot do SM2 at all */
export function verifyPdf(bytes: Uint8Array, policy: VerificationPolicy): VerificationReport {
  try {
    return judge(openPdf(bytes), policy);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return refusedReport('pdf', policy, codeOfFault(error, 'UNREADABLE'));
  }
}

function judge(file: PdfFile, policy: VerificationPolicy): VerificationReport {
  const nodes = formNodes(file);
  const signatures = findSignatures(file, nodes);
  if (signatures.length === 0) return refusedReport('pdf', policy, 'UNSIGNED');
  const later = followRevisions(file, signatures);
  const stripped = isStripped(file, signatures, nodes);
  const coverage: Coverage = { bytes: file.bytes, signatures, later, stripped };
  const data = readValidationData(file);
  const ours = isOurs(file, signatures);
  const judged = judgeAll(file, signatures, storeWith(trustStoreOf(policy), data), ours);
  const trusted = judged.every((one) => one.trusted === null) ? null : judged.every((one) => one.trusted === true);
  const checks = [
    ...judged.flatMap((one, at) => [
      ...one.checks,
      ...checkCoverage(coverage, signatures[at] as FoundSignature, whereOf(at)),
    ]),
    ...judgeValidationData(data, ours),
  ];
  const sound = checks.every(({ outcome }) => outcome !== 'failed');
  const facts = judged.map((one, at) => factsOf(file, signatures[at] as FoundSignature, one, whereOf(at)));
  return { format: 'pdf', signed: true, valid: sound && trusted !== false, trusted, checks, signatures: facts };
}

function whereOf(at: number): string {
  return `signature ${at + 1}`;
}

/** From the last to the first: a document time-stamp proves the time of what it covers. */
function judgeAll(
  file: PdfFile,
  signatures: readonly FoundSignature[],
  store: TrustStore,
  strict: boolean,
): SignatureJudgement[] {
  const judged: SignatureJudgement[] = [];
  let coveredAt: Date | undefined;
  for (let at = signatures.length - 1; at >= 0; at -= 1) {
    const signature = signatures[at] as FoundSignature;
    const one: SignatureCase = { file, signature, where: whereOf(at), store, coveredAt, strict };
    const found = judgeSignature(one);
    if (found.stampsAt !== undefined && (coveredAt === undefined || found.stampsAt < coveredAt)) {
      coveredAt = found.stampsAt;
    }
    judged[at] = found;
  }
  return judged;
}

/** What no signature may cover must at least be readable; in our own files it must prove itself. */
function judgeValidationData(data: ValidationDataRead, ours: boolean): Check[] {
  if (ours && data.present && (data.malformed || !isClosed(data))) {
    return [check('structure', 'failed', 'VALIDATION_DATA_MALFORMED')];
  }
  return data.malformed ? [check('structure', 'warned', 'VALIDATION_DATA_MALFORMED')] : [];
}

function factsOf(
  file: PdfFile,
  signature: FoundSignature,
  { told, chain }: SignatureJudgement,
  where: string,
): SignatureFacts {
  const [, first, , second] = signature.byteRange;
  const count = Math.min(first + second, file.bytes.length);
  return { where, ...told, chain, covers: { unit: 'bytes', count, whole: endOf(signature) === file.bytes.length } };
}
