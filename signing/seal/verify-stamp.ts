/** Judge a stamp (GB/T 38540-2020 §7.3 as practised), step by step over the bytes as they stood. */
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { verifySm2 } from '../sm2/verify-sm2.ts';
import type { TimeStampJudgement } from '../tsp/check-time-stamp.ts';
import { isExactToken } from '../tsp/is-exact-token.ts';
import { check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { latestMoment, type Moments, provenMoment } from '../verify/signing-moment.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { judgeSignedTime } from './judge-signed-time.ts';
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
  /** The time-stamp beside the signature, judged. */
  readonly timeStamp?: TimeStampJudgement | undefined;
  /** Proven by a trusted time-stamp over something later that covers this stamp. */
  readonly coveredAt?: Date | undefined;
}

export interface StampJudgement {
  readonly checks: readonly Check[];
  /** Whether signer and maker lead to an anchor; null when none were given. */
  readonly trusted: boolean | null;
  readonly certificate: ParsedCertificate | undefined;
  readonly claimedAt: Date;
  /** What a trusted time-stamp proves. */
  readonly provenAt: Date | undefined;
}

function judgeForm(stamp: ParsedStamp, use: StampUse): Check[] {
  const { strict, where, timeStamp } = use;
  const odd = [...new Set(stamp.deviations)];
  const checks = odd.map((code) => check('structure', strict ? 'failed' : 'warned', code, where));
  // it stands outside of what is signed: in our own files it must be exact, and elsewhere it was not judged by the caller
  const isLoose = strict && stamp.timeStamp && timeStamp?.check.outcome !== 'failed' && !isExactToken(stamp.timeStamp);
  if (isLoose) checks.push(check('time', 'failed', 'TIMESTAMP_INVALID', where));
  if (stamp.timeStamp && !timeStamp) checks.push(check('time', 'not-judged', 'TIME_NOT_TRUSTED', where));
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

/** The checks `time`, and the moment at which certificate and seal are judged. */
function judgeMoment(stamp: ParsedStamp, certificate: ParsedCertificate, use: StampUse) {
  const { store, where, timeStamp } = use;
  const { validTo } = stamp.seal;
  const moments: Moments = {
    claimed: stamp.signedAt,
    stamped: timeStamp?.at,
    covered: use.coveredAt,
    usableUntil: validTo < certificate.notAfter ? validTo : certificate.notAfter,
  };
  const checks = [judgeTime(stamp.signedAt, latestMoment(moments, store.now), where)];
  if (timeStamp) checks.push(timeStamp.check);
  if (stamp.signedTimeStamp) checks.push(judgeSignedTime(stamp.signedTimeStamp, stamp.dataHash, store, where));
  const proven = provenMoment(moments);
  return { checks, proven, at: proven ?? stamp.signedAt };
}

/** Judge a stamp against what it must protect. */
export function verifyStamp(stamp: ParsedStamp, use: StampUse): StampJudgement {
  const { store, where } = use;
  const claimedAt = stamp.signedAt;
  const checks = judgeForm(stamp, use);
  const same = sameBytes(stamp.dataHash, use.dataHash);
  checks.push(same ? passed('digest', where) : check('digest', 'failed', 'DIGEST_MISMATCH', where));
  const certificate = readCertificate(stamp);
  if (!certificate) {
    checks.push(check('certificate', 'failed', 'CERTIFICATE_MALFORMED', where));
    return { checks, trusted: false, certificate, claimedAt, provenAt: undefined };
  }
  const moment = judgeMoment(stamp, certificate, use);
  checks.push(judgeSignature(stamp, certificate, where), ...moment.checks);
  const signer = judgeCertificate(certificate, store, moment.at, where);
  const seal = verifySeal(stamp.seal, { signer: stamp.certificate, at: moment.at, store, where });
  const trusted = signer.trusted === null ? null : signer.trusted && seal.trusted === true;
  checks.push(...signer.checks, ...seal.checks);
  return { checks, trusted, certificate, claimedAt, provenAt: moment.proven };
}
