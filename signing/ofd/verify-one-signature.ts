/** Judge one opened signature of a package: seal, value, time, certificates. */
import { SigningError } from '../error.ts';
import { verifyStamp } from '../seal/verify-stamp.ts';
import { checkTimeStamp, type TimeStampJudgement } from '../tsp/check-time-stamp.ts';
import { type CheckCode, check } from '../verify/check-words.ts';
import { codeOfFault } from '../verify/refused-report.ts';
import type { Check } from '../verify/report.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import type { OfdContext } from './ofd-context.ts';
import type { OpenedSignature, UnreadSignature } from './open-signature.ts';
import { verifyBareSignature, verifyGmSignature } from './verify-gm-signature.ts';

/** An opened signature with the time-stamp beside it judged. */
export interface StampedSignature {
  readonly opened: OpenedSignature | UnreadSignature;
  /** Undefined when there is none. */
  readonly timeStamp: TimeStampJudgement | undefined;
}

export interface SignatureJudgement {
  readonly opened: OpenedSignature | UnreadSignature;
  readonly checks: readonly Check[];
  /** Files this signature refers to. */
  readonly covered: ReadonlySet<string>;
  /** Files that make up this signature: judged by themselves. */
  readonly own: ReadonlySet<string>;
  /** Whether it says (signed) that we made it. */
  readonly ours: boolean;
  readonly trusted: boolean | null;
  readonly certificate?: ParsedCertificate | undefined;
  readonly claimedAt?: Date | undefined;
  readonly provenAt?: Date | undefined;
}

interface ValueJudgement {
  readonly checks: readonly Check[];
  readonly trusted: boolean | null;
  readonly certificate: ParsedCertificate | undefined;
  readonly claimedAt: Date | undefined;
  readonly provenAt: Date | undefined;
}

/** Judge the time-stamp over the signature's value, if it carries one. */
export function judgeTimeStamp(opened: OpenedSignature | UnreadSignature, store: TrustStore): StampedSignature {
  const { value, where } = opened;
  if (value === undefined || value.kind === 'bare') return { opened, timeStamp: undefined };
  const token = value.kind === 'seal' ? value.stamp.timeStamp : value.signed.timeStamp;
  const stamped = value.kind === 'seal' ? value.stamp.signatureBytes : value.signed.signature;
  if (token === undefined) return { opened, timeStamp: undefined };
  try {
    return { opened, timeStamp: checkTimeStamp(token, stamped, store, where) };
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return { opened, timeStamp: { check: check('time', 'failed', 'TIMESTAMP_INVALID', where), at: undefined } };
  }
}

function judgeValue(
  context: OfdContext,
  opened: OpenedSignature,
  store: TrustStore,
  times: { readonly timeStamp: TimeStampJudgement | undefined; readonly coveredAt: Date | undefined },
): ValueJudgement | CheckCode {
  const { where, value, description, ours: strict } = opened;
  const use = { dataHash: context.digestOf(where), dateTime: description.dateTime, store, where, strict, ...times };
  if (value.kind === 'seal') return verifyStamp(value.stamp, use);
  if (value.kind === 'sign') return verifyGmSignature(value.signed, use);
  const described = context.files.get(where) ?? new Uint8Array();
  return verifyBareSignature(value.signature, described, use) ?? 'CERTIFICATE_MISSING';
}

/** @param coveredAt proven by a time-stamp over a later signature that covers this one */
export function verifyOneSignature(
  context: OfdContext,
  { opened, timeStamp }: StampedSignature,
  store: TrustStore,
  coveredAt: Date | undefined,
): SignatureJudgement {
  const untrusted = store.anchors ? false : null;
  const failed = (name: Check['name'], code: CheckCode): SignatureJudgement => {
    const { checks: found, covered } = opened.value ? opened.references : { checks: [], covered: new Set<string>() };
    const checks = [...opened.checks, check(name, 'failed', code, opened.where), ...found];
    return { opened, checks, covered, own: opened.own, ours: false, trusted: untrusted };
  };
  if (opened.value === undefined) {
    return { opened, checks: opened.checks, covered: new Set(), own: opened.own, ours: false, trusted: untrusted };
  }
  try {
    const judged = judgeValue(context, opened, store, { timeStamp, coveredAt });
    if (typeof judged === 'string') return failed('certificate', judged);
    const { references, own, ours, where, value } = opened;
    const { propertyInfo } = value.kind === 'seal' ? value.stamp : { propertyInfo: `/${where}` };
    const form =
      ours && propertyInfo !== `/${where}` ? [check('structure', 'failed', 'SIGNATURE_MALFORMED', where)] : [];
    const checks = [...opened.checks, ...form, ...references.checks, ...judged.checks];
    const { trusted, certificate, claimedAt, provenAt } = judged;
    return { opened, checks, covered: references.covered, own, ours, trusted, certificate, claimedAt, provenAt };
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return failed('structure', codeOfFault(error, 'SIGNATURE_MALFORMED'));
  }
}
