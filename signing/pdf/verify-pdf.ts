/** Verify a PDF over its original bytes (ISO 32000-1 §12.8, ETSI EN 319 142-1): each signature's structure, digest,
 *  value, certificate, time and coverage. Reads what others wrote tolerantly, judges strictly. */
import { createHash } from 'node:crypto';
import { checkSigner } from '../cms/check-signer.ts';
import { parseSignedData } from '../cms/read-signed-data.ts';
import { shellLength } from '../cms/to-der-shell.ts';
import { SigningError } from '../error.ts';
import { type CheckCode, check, passed } from '../verify/check-words.ts';
import { codeOfFault, refusedReport } from '../verify/refused-report.ts';
import type { Check, VerificationPolicy, VerificationReport } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import { trustStoreOf } from '../x509/trust-store.ts';
import { isIssuedBy } from '../x509/verify-chain.ts';
import { checkCoverage } from './check-coverage.ts';
import { type FoundSignature, findSignatures } from './find-signatures.ts';
import { judgeSigningTime } from './signing-time.ts';
import { openPdf } from './syntax/open-pdf.ts';
import type { PdfFile } from './syntax/pdf-file.ts';

interface SignatureJudgement {
  readonly checks: readonly Check[];
  readonly trusted: boolean | null;
}

const SUB_FILTERS = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached']);

/** Never throws for what is in the file: a file that cannot be read is a report that says so. */
export function verifyPdf(bytes: Uint8Array, policy: VerificationPolicy): VerificationReport {
  try {
    const file = openPdf(bytes);
    const signatures = findSignatures(file);
    if (signatures.length === 0) return refusedReport('pdf', policy, 'UNSIGNED');
    const last = signatures.at(-1);
    const judged = signatures.map((signature, at) =>
      judgeSignature(file, signature, signature === last, `signature ${at + 1}`, policy),
    );
    const trusted = judged.every((one) => one.trusted === null) ? null : judged.every((one) => one.trusted === true);
    const checks = judged.flatMap((one) => one.checks);
    const sound = checks.every(({ outcome }) => outcome !== 'failed');
    return { format: 'pdf', signed: true, valid: sound && trusted !== false, trusted, checks };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return refusedReport('pdf', policy, codeOfFault(error, 'UNREADABLE'));
  }
}

function judgeSignature(
  file: PdfFile,
  signature: FoundSignature,
  last: boolean,
  where: string,
  policy: VerificationPolicy,
): SignatureJudgement {
  const coverage = checkCoverage(file, signature, last, where);
  try {
    const { checks, trusted } = judgeContents(file, signature, where, policy);
    return { checks: [...checks, coverage], trusted };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    const refused = refuse(codeOfFault(error, 'SIGNATURE_MALFORMED'), where, policy);
    return { checks: [...refused.checks, coverage], trusted: refused.trusted };
  }
}

function judgeContents(
  file: PdfFile,
  signature: FoundSignature,
  where: string,
  policy: VerificationPolicy,
): SignatureJudgement {
  if (!signature.inField) return refuse('SIGNATURE_LIST_WRONG', where, policy);
  if (!SUB_FILTERS.has(signature.subFilter)) return refuse('ALGORITHM_UNSUPPORTED', where, policy);
  const signed = parseSignedData(trimPadding(signature.contents.bytes));
  const [first, firstLength, second, secondLength] = signature.byteRange;
  const signer = checkSigner(signed, {
    digestContent: (hash) =>
      createHash(hash)
        .update(file.bytes.subarray(first, first + firstLength))
        .update(file.bytes.subarray(second, second + secondLength))
        .digest(),
    certificateBound: signature.subFilter === 'ETSI.CAdES.detached',
    where,
  });
  const structure = signed.berShell ? check('structure', 'warned', 'BER_SHELL', where) : passed('structure', where);
  const store = trustStoreOf(policy);
  const time = judgeSigningTime(signature.dict, signed, store, where);
  const checks = [structure, ...signer.checks, ...time.checks];
  if (signer.certificate === undefined) return { checks, trusted: policy.certificates === undefined ? null : false };
  if (!allBelong(signer.certificate, signer.others)) {
    checks.push(check('certificate', 'failed', 'CERTIFICATE_CHAIN_BROKEN', where));
  }
  const judged = judgeCertificate(signer.certificate, store, time.at, where, signer.others);
  return { checks: [...checks, ...judged.checks], trusted: judged.trusted };
}

/** A signature that cannot be judged any further. */
function refuse(code: CheckCode, where: string, policy: VerificationPolicy): SignatureJudgement {
  return {
    checks: [check('structure', 'failed', code, where)],
    trusted: policy.certificates === undefined ? null : false,
  };
}

/** The structure at the beginning; what is left of the room must be zeros. @throws MALFORMED */
function trimPadding(contents: Uint8Array): Uint8Array {
  const length = shellLength(contents);
  if (contents.subarray(length).some((byte) => byte !== 0)) {
    throw new SigningError('MALFORMED', 'the padding of a signature is not all zeros');
  }
  return contents.subarray(0, length);
}

/** Every certificate inside stands above the signer's: nothing rides along unlooked at. */
function allBelong(certificate: ParsedCertificate, others: readonly ParsedCertificate[]): boolean {
  const path = new Set([certificate]);
  for (let grown = true; grown; ) {
    const above = others.filter((other) => !path.has(other) && [...path].some((member) => isIssuedBy(member, other)));
    for (const found of above) path.add(found);
    grown = above.length > 0;
  }
  return path.size === others.length + 1;
}
