/** Judge a signature of Type Sign: GB/T 35275 SignedData whose SM2 signature is over the 32 bytes of
 *  SM3(Signature.xml), hashed once more, or over signed attributes whose messageDigest they are. */
import { OID } from '../der/oids.ts';
import { toOctetString, toTime } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { readTextTime } from '../seal/read-text-time.ts';
import { verifySm2 } from '../sm2/verify-sm2.ts';
import type { TimeStampJudgement } from '../tsp/check-time-stamp.ts';
import { isExactToken } from '../tsp/is-exact-token.ts';
import { check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { latestMoment, provenMoment } from '../verify/signing-moment.ts';
import { isClosed } from '../x509/check-brought-along.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import type { GmSignedData } from './read-gm-signed-data.ts';

export interface SignUse {
  /** SM3 of Signature.xml. */
  readonly dataHash: Uint8Array;
  /** SignatureDateTime of Signature.xml: signed, in free form. */
  readonly dateTime: string | undefined;
  readonly store: TrustStore;
  readonly where: string;
  /** Hold the signature to our own form. */
  readonly strict: boolean;
  /** The time-stamp beside the signature, judged; undefined when there is none. */
  readonly timeStamp: TimeStampJudgement | undefined;
  /** Proven by a time-stamp over a later signature that covers this one. */
  readonly coveredAt: Date | undefined;
}

export interface SignJudgement {
  readonly checks: readonly Check[];
  readonly trusted: boolean | null;
  readonly certificate: ParsedCertificate;
  readonly claimedAt: Date | undefined;
  readonly provenAt: Date | undefined;
}

/** Whether what stands inside is what must be protected. */
function isSameContent(signed: GmSignedData, dataHash: Uint8Array): boolean {
  const stated = signed.attributes?.get(OID.messageDigest);
  if (signed.content && !sameBytes(signed.content, dataHash)) return false;
  return signed.attributes === undefined || (stated !== undefined && sameBytes(toOctetString(stated), dataHash));
}

function claimOf(attribute: GmSignedData['attributes'], dateTime: string | undefined): Date | undefined {
  const stated = attribute?.get(OID.signingTime);
  if (stated) return toTime(stated);
  try {
    return dateTime === undefined ? undefined : readTextTime(Buffer.from(dateTime));
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

/** What no signature covers must be exact in our own files. */
function isExact({ canonical, certificates, crls, timeStamp }: GmSignedData): boolean {
  if (!canonical || !isClosed({ certificates, crls })) return false;
  return timeStamp === undefined || isExactToken(timeStamp);
}

/** The checks `time`, and the moment at which the certificate is judged. */
function judgeMoment(certificate: ParsedCertificate, claimed: Date | undefined, use: SignUse) {
  const { store, where, timeStamp } = use;
  const moments = { claimed, stamped: timeStamp?.at, covered: use.coveredAt, usableUntil: certificate.notAfter };
  const proven = provenMoment(moments);
  const checks: Check[] = [];
  if (timeStamp) checks.push(timeStamp.check);
  if (claimed) checks.push(judgeTime(claimed, latestMoment(moments, store.now), where));
  else if (!proven) checks.push(check('time', 'not-judged', 'TIME_MISSING', where));
  else if (!timeStamp) checks.push(passed('time', where));
  // without a claim and a proof the signature is judged as if it were made now
  return { checks, proven, at: proven ?? claimed ?? store.now };
}

/** Judge a value that stands in its SignedData. @throws MALFORMED when parts of it cannot be read */
export function verifyGmSignature(signed: GmSignedData, use: SignUse): SignJudgement {
  const { store, where, dataHash } = use;
  const { certificate } = signed;
  const right = verifySm2(certificate.publicKey, signed.attributeBytes ?? dataHash, signed.signature);
  const claimedAt = claimOf(signed.attributes, use.dateTime);
  const moment = judgeMoment(certificate, claimedAt, use);
  const judged = judgeCertificate(certificate, store, moment.at, where);
  const checks = [
    ...(use.strict && !isExact(signed) ? [check('structure', 'failed', 'SIGNATURE_MALFORMED', where)] : []),
    isSameContent(signed, dataHash) ? passed('digest', where) : check('digest', 'failed', 'DIGEST_MISMATCH', where),
    right ? passed('signature', where) : check('signature', 'failed', 'SIGNATURE_INVALID', where),
    ...moment.checks,
    check('seal', 'not-judged', 'NO_SEAL', where),
    ...judged.checks,
  ];
  return { checks, trusted: judged.trusted, certificate, claimedAt, provenAt: moment.proven };
}

/** Judge a bare SM2 value over Signature.xml itself (`description`), as an old widespread library writes it: it brings no
 *  certificate, so one that was given beside the file must have made it. */
export function verifyBareSignature(
  signature: Uint8Array,
  description: Uint8Array,
  use: Omit<SignUse, 'timeStamp'>,
): SignJudgement | undefined {
  const { store, where } = use;
  const given = [...store.intermediates, ...(store.anchors ?? [])].filter(({ keyAlgorithm }) => keyAlgorithm === 'SM2');
  const certificate = given.find(({ publicKey }) => verifySm2(publicKey, description, signature));
  if (!certificate) return undefined;
  const claimedAt = claimOf(undefined, use.dateTime);
  const moment = judgeMoment(certificate, claimedAt, { ...use, timeStamp: undefined });
  const judged = judgeCertificate(certificate, store, moment.at, where);
  const form = check('structure', use.strict ? 'failed' : 'warned', 'BARE_SIGNATURE', where);
  const own = [passed('digest', where), passed('signature', where), ...moment.checks];
  const checks = [form, ...own, check('seal', 'not-judged', 'NO_SEAL', where), ...judged.checks];
  return { checks, trusted: judged.trusted, certificate, claimedAt, provenAt: moment.proven };
}
