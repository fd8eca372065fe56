/** When a PDF was signed: a trusted time-stamp over the signature value proves it, or a document time-stamp over the
 *  revision; else the signer's claim is taken, the CMS signing-time attribute (RFC 5652 §11.3) before /M (ISO 32000-1
 *  §7.9.4). */
import { CMS_OID } from '../cms/cms-oids.ts';
import type { SignedData } from '../cms/read-signed-data.ts';
import { toTime } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { checkTimeStamp, type TimeStampJudgement } from '../tsp/check-time-stamp.ts';
import { check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { latestMoment, provenMoment } from '../verify/signing-moment.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import type { PdfDict } from './syntax/pdf-value.ts';

export interface SigningTime {
  /** At which certificates are judged: the proven time, the claimed one, or now when there is neither. */
  readonly at: Date;
  readonly claimedAt: Date | undefined;
  readonly provenAt: Date | undefined;
  readonly checks: readonly Check[];
}

export interface SigningTimeRules {
  readonly store: TrustStore;
  readonly where: string;
  /** Proven by a document time-stamp over the revision. */
  readonly coveredAt: Date | undefined;
  /** Until when the signer's certificate could be used. */
  readonly usableUntil: Date;
}

/** A token that cannot be read is one that proves nothing. */
function judgeStamp(token: Uint8Array, value: Uint8Array, { store, where }: SigningTimeRules): TimeStampJudgement {
  try {
    return checkTimeStamp(token, value, store, where);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return { check: check('time', 'failed', 'TIMESTAMP_INVALID', where), at: undefined };
  }
}

/** @throws MALFORMED for a time that cannot be read */
export function judgeSigningTime(claimed: Date | undefined, signed: SignedData, rules: SigningTimeRules): SigningTime {
  const { store, where, coveredAt, usableUntil } = rules;
  const [token] = signed.unsignedAttributes.get(CMS_OID.signatureTimeStamp) ?? [];
  const stamp = token && judgeStamp(token.raw, signed.signature, rules);
  const moments = { claimed, stamped: stamp?.at, covered: coveredAt, usableUntil };
  const provenAt = provenMoment(moments);
  const checks: Check[] = [];
  if (claimed !== undefined) checks.push(judgeTime(claimed, latestMoment(moments, store.now), where));
  else if (provenAt === undefined) checks.push(check('time', 'not-judged', 'TIME_MISSING', where));
  if (stamp !== undefined) checks.push(stamp.check);
  else if (provenAt !== undefined && checks.length === 0) checks.push(passed('time', where));
  const said = checks.filter(
    ({ outcome }, at) => outcome !== 'passed' || at === checks.length - 1 || stamp?.at === undefined,
  );
  return { at: provenAt ?? claimed ?? store.now, claimedAt: claimed, provenAt, checks: said };
}

const PDF_DATE = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?00'?)?|([+-])(\d\d)(?:'?(\d\d)'?)?)?$/;

/** What the signer says; undefined when nothing that can be read. @throws MALFORMED for a broken attribute */
export function claimedTime(file: PdfFile, signature: PdfDict, signed?: SignedData): Date | undefined {
  const [attribute] = signed?.signedAttributes.get(CMS_OID.signingTime) ?? [];
  if (attribute !== undefined) return toTime(attribute);
  const written = file.resolve(signature.entries.get('M'));
  return written.kind === 'string' ? toInstant(Buffer.from(written.bytes).toString('latin1')) : undefined;
}

function toInstant(text: string): Date | undefined {
  const parts = PDF_DATE.exec(text);
  if (parts === null) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, zoneHour, zoneMinute] =
    parts;
  const zone = sign === undefined ? 'Z' : `${sign}${zoneHour}:${zoneMinute ?? '00'}`;
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
