/** Judge a time-stamp over some bytes (RFC 3161 §2.4.2): imprint, signature, and whether its authority is trusted. */
import { createHash } from 'node:crypto';
import { checkSigner } from '../cms/check-signer.ts';
import { CMS_OID } from '../cms/cms-oids.ts';
import { type HashName, hashOf } from '../cms/known-algorithms.ts';
import { parseSignedData } from '../cms/read-signed-data.ts';
import { OID } from '../der/oids.ts';
import { contextTag, DerFields, derFault, parseDer, TAG } from '../der/read-der.ts';
import { toOctetString, toSmallInteger } from '../der/read-values.ts';
import { check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';

export interface TimeStampJudgement {
  readonly check: Check;
  /** The proven time; undefined when the stamp is wrong or its authority is not trusted. */
  readonly at: Date | undefined;
}

interface TimeStampInfo {
  readonly hash: HashName | undefined;
  readonly imprint: Uint8Array;
  readonly at: Date;
}

/** @throws MALFORMED when the token cannot be read */
export function checkTimeStamp(
  token: Uint8Array,
  stamped: Uint8Array,
  store: TrustStore,
  where: string,
): TimeStampJudgement {
  const invalid: TimeStampJudgement = { check: check('time', 'failed', 'TIMESTAMP_INVALID', where), at: undefined };
  const signed = parseSignedData(token);
  const { content } = signed;
  if (signed.contentType !== CMS_OID.timeStampInfo || content === undefined) return invalid;
  const info = readInfo(content);
  if (info.hash === undefined || info.hash === 'md5' || info.hash === 'sha1') return invalid;
  if (!createHash(info.hash).update(stamped).digest().equals(info.imprint)) return invalid;
  const digestContent = (hash: HashName): Uint8Array => createHash(hash).update(content).digest();
  const signer = checkSigner(signed, { digestContent, certificateBound: false, where });
  const { certificate, others } = signer;
  if (certificate === undefined || signer.checks.some(({ outcome }) => outcome !== 'passed')) return invalid;
  // RFC 3161 §2.3: the key serves this purpose and no other.
  const uses = certificate.extendedKeyUsage ?? [];
  if (uses.length !== 1 || uses[0] !== OID.timeStamping) return invalid;
  const judged = judgeCertificate(certificate, store, info.at, where, others);
  if (judged.trusted !== true) return { check: check('time', 'not-judged', 'TIME_NOT_TRUSTED', where), at: undefined };
  if (judged.checks.some(({ outcome }) => outcome === 'failed')) return invalid;
  const time = judgeTime(info.at, store.now, where);
  return time.outcome === 'passed' ? { check: passed('time', where), at: info.at } : { check: time, at: undefined };
}

/** TSTInfo up to what is used here. */
function readInfo(content: Uint8Array): TimeStampInfo {
  const fields = new DerFields(parseDer(content));
  if (toSmallInteger(fields.take(TAG.INTEGER)) !== 1) throw derFault('unknown version of a time-stamp', 0);
  fields.take(TAG.OID);
  const imprint = new DerFields(fields.take(TAG.SEQUENCE));
  const algorithm = imprint.take(TAG.SEQUENCE).raw;
  const digest = toOctetString(imprint.take(TAG.OCTET_STRING));
  imprint.end();
  fields.take(TAG.INTEGER);
  const at = readGeneralizedTime(fields.take(TAG.GENERALIZED_TIME).value);
  for (const tag of [TAG.SEQUENCE, TAG.BOOLEAN, TAG.INTEGER, contextTag(0), contextTag(1)]) fields.optional(tag);
  fields.end();
  return { hash: hashOf(algorithm), imprint: digest, at };
}

/** GeneralizedTime in UTC, with the fraction of a second that RFC 3161 §2.4.2 allows. */
function readGeneralizedTime(value: Uint8Array): Date {
  const text = Buffer.from(value).toString('latin1');
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/.exec(text);
  const [, year, month, day, hour, minute, second, fraction = ''] = parts ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(at.getTime())) throw derFault('not a time', 0);
  return at;
}
