/** Judge a stamp (GB/T 38540-2020 §7.3 as practised), step by step over the bytes as they stood. */
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { verifySm2 } from '../sm2/verify-sm2.ts';
import { check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import type { ParsedStamp } from './parsed-seal.ts';
import { verifySeal } from './verify-seal.ts';

export interface StampUse {
  /** SM3 of what the stamp must protect. */
  readonly dataHash: Uint8Array;
  readonly store: TrustStore;
  /** Which signature this is, for the report. */
  readonly where: string;
  /** Hold the stamp to our own form: oddities that others show are faults. */
  readonly strict: boolean;
}

export interface StampJudgement {
  readonly checks: readonly Check[];
  /** Whether signer and maker lead to an anchor; null when none were given. */
  readonly trusted: boolean | null;
}

function judgeForm(stamp: ParsedStamp, use: StampUse): Check[] {
  const { strict, where } = use;
  const odd = [...new Set(stamp.deviations)];
  const checks = odd.map((code) => check('structure', strict ? 'failed' : 'warned', code, where));
  // a time-stamp stands outside of what is signed: ours carry none, and others' cannot be relied on unread
  if (stamp.timeStamp) checks.push(check('time', strict ? 'failed' : 'not-judged', 'TIME_NOT_TRUSTED', where));
  return checks;
}

function judgeSignature(stamp: ParsedStamp, certificate: ParsedCertificate, where: string): Check {
  if (stamp.signatureAlgorithm !== OID.sm2WithSm3) return check('signature', 'failed', 'ALGORITHM_UNSUPPORTED', where);
  const right = verifySm2(certificate.publicKey, stamp.signedBytes, stamp.signature);
  return right ? passed('signature', where) : check('signature', 'failed', 'SIGNATURE_INVALID', where);
}

function readCertificate(stamp: ParsedStamp): ParsedCertificate | undefined {
  try {
    return parseCertificate(stamp.certificate);
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

/** Judge a stamp against what it must protect. */
export function verifyStamp(stamp: ParsedStamp, use: StampUse): StampJudgement {
  const { store, where } = use;
  const checks = judgeForm(stamp, use);
  const same = sameBytes(stamp.dataHash, use.dataHash);
  checks.push(same ? passed('digest', where) : check('digest', 'failed', 'DIGEST_MISMATCH', where));
  const certificate = readCertificate(stamp);
  if (!certificate) {
    return { checks: [...checks, check('certificate', 'failed', 'CERTIFICATE_MALFORMED', where)], trusted: false };
  }
  checks.push(judgeSignature(stamp, certificate, where), judgeTime(stamp.signedAt, store.now, where));
  const signer = judgeCertificate(certificate, store, stamp.signedAt, where);
  const seal = verifySeal(stamp.seal, { signer: stamp.certificate, at: stamp.signedAt, store, where });
  const trusted = signer.trusted === null ? null : signer.trusted && seal.trusted === true;
  return { checks: [...checks, ...signer.checks, ...seal.checks], trusted };
}
