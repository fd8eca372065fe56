/** Open a TimeStampToken: what it says, and that its signature and its authority's purpose hold (RFC 3161 §2.3, §2.4.2).
 *  Whether the authority is trusted, and what was stamped, is for the caller. */
import { createHash } from 'node:crypto';
import { checkSigner } from '../cms/check-signer.ts';
import { CMS_OID } from '../cms/cms-oids.ts';
import type { HashName } from '../cms/known-algorithms.ts';
import { parseSignedData } from '../cms/read-signed-data.ts';
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import { isWithinValidity } from '../x509/verify-chain.ts';
import { hasItsLength, isStrong, type MessageImprint } from './message-imprint.ts';
import { parseTimeStampInfo, type TimeStampInfo } from './time-stamp-info.ts';

/** Why a time-stamp proves nothing: the `reason` of TIME_STAMP_UNFIT. */
export type TimeStampReason =
  /** Not a time-stamp at all. */
  | 'NOT_A_TIME_STAMP'
  /** The authority signed with an algorithm that is not known, or weak (MD5, SHA-1). */
  | 'ALGORITHM'
  /** It stamped a digest of an algorithm that is not known. */
  | 'IMPRINT_UNKNOWN'
  /** It stamped an MD5 or SHA-1 digest. */
  | 'IMPRINT_WEAK'
  /** It stamped another digest, or one of a wrong length. */
  | 'IMPRINT'
  | 'SIGNATURE'
  /** The certificate is not there. */
  | 'CERTIFICATE_MISSING'
  /** The certificate is not named by signing-certificate-v2; the older attribute names it by SHA-1. */
  | 'CERTIFICATE_NOT_BOUND'
  /** The key serves another purpose too, or its purpose is not marked critical. */
  | 'PURPOSE'
  /** The certificate was not valid at the time stated. */
  | 'VALIDITY'
  | 'NONCE'
  | 'POLICY'
  /** The time stated is far from the asker's. */
  | 'CLOCK'
  | 'REJECTED';

export interface OpenedTimeStamp {
  readonly info: TimeStampInfo;
  /** Of the authority. */
  readonly certificate: ParsedCertificate;
  /** The other certificates inside. */
  readonly others: readonly ParsedCertificate[];
}

export function unfit(reason: TimeStampReason, details: Readonly<Record<string, string | number>> = {}): SigningError {
  return new SigningError('TIME_STAMP_UNFIT', `time-stamp: ${reason}`, { reason, ...details });
}

/** @throws MALFORMED when it cannot be read, TIME_STAMP_UNFIT when it proves nothing */
export function openTimeStamp(token: Uint8Array): OpenedTimeStamp {
  const signed = parseSignedData(token);
  const { content } = signed;
  if (signed.contentType !== CMS_OID.timeStampInfo || content === undefined) throw unfit('NOT_A_TIME_STAMP');
  const info = parseTimeStampInfo(content);
  const digestContent = (hash: HashName): Uint8Array => createHash(hash).update(content).digest();
  const { certificate, others, checks } = checkSigner(signed, { digestContent, certificateBound: false, where: '' });
  if (certificate === undefined) throw unfit('CERTIFICATE_MISSING');
  const failed = checks.find(({ outcome }) => outcome !== 'passed');
  const isAlgorithm = failed?.code === 'ALGORITHM_UNSUPPORTED' || failed?.code === 'DIGEST_WEAK';
  if (failed) throw unfit(isAlgorithm ? 'ALGORITHM' : 'SIGNATURE');
  // without it the key's owner could be exchanged for another certificate of the same key (RFC 5816 §2.2.1)
  if (!signed.signedAttributes.has(CMS_OID.signingCertificateV2)) throw unfit('CERTIFICATE_NOT_BOUND');
  checkImprint(info.imprint);
  checkPurpose(certificate);
  if (!isWithinValidity(certificate, info.at)) throw unfit('VALIDITY');
  return { info, certificate, others };
}

function checkImprint(imprint: MessageImprint): void {
  if (imprint.hash === undefined) throw unfit('IMPRINT_UNKNOWN');
  if (!isStrong(imprint.hash)) throw unfit('IMPRINT_WEAK');
  if (!hasItsLength(imprint)) throw unfit('IMPRINT');
}

/** RFC 3161 §2.3: the key serves this purpose and no other, and every verifier must heed that. */
function checkPurpose({ extendedKeyUsage = [], extendedKeyUsageCritical, keyUsage }: ParsedCertificate): void {
  const only = extendedKeyUsage.length === 1 && extendedKeyUsage[0] === OID.timeStamping;
  const signs = keyUsage === undefined || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
  if (!only || !extendedKeyUsageCritical || !signs) throw unfit('PURPOSE');
}
