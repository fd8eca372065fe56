/** When a PDF was signed: a trusted time-stamp over the signature value proves it; else the signer's claim is taken,
 *  the CMS signing-time attribute (RFC 5652 §11.3) before /M (ISO 32000-1 §7.9.4). */

import { CMS_OID } from '../cms/cms-oids.ts';
import type { SignedData } from '../cms/read-signed-data.ts';
import { toTime } from '../der/read-values.ts';
import { checkTimeStamp } from '../tsp/check-time-stamp.ts';
import { check } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import type { PdfDict } from './syntax/pdf-value.ts';

export interface SigningTime {
  /** At which certificates are judged: the proven time, the claimed one, or now when there is neither. */
  readonly at: Date;
  readonly checks: readonly Check[];
}

/** @throws MALFORMED for a time or time-stamp that cannot be read */
export function judgeSigningTime(
  signature: PdfDict,
  signed: SignedData,
  store: TrustStore,
  where: string,
): SigningTime {
  const claim = claimedTime(signature, signed);
  const claimCheck =
    claim === undefined ? check('time', 'warned', 'TIME_MISSING', where) : judgeTime(claim, store.now, where);
  const [token] = signed.unsignedAttributes.get(CMS_OID.signatureTimeStamp) ?? [];
  if (token === undefined) return { at: claim ?? store.now, checks: [claimCheck] };
  const stamp = checkTimeStamp(token.raw, signed.signature, store, where);
  if (stamp.at !== undefined) return { at: stamp.at, checks: [stamp.check] };
  return { at: claim ?? store.now, checks: [claimCheck, stamp.check] };
}

const PDF_DATE = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?00'?)?|([+-])(\d\d)(?:'?(\d\d)'?)?)?$/;

/** Undefined when neither is there, or readable. */
function claimedTime(signature: PdfDict, signed: SignedData): Date | undefined {
  const [attribute] = signed.signedAttributes.get(CMS_OID.signingTime) ?? [];
  if (attribute !== undefined) return toTime(attribute);
  const written = signature.entries.get('M');
  return written?.kind === 'string' ? toInstant(Buffer.from(written.bytes).toString('latin1')) : undefined;
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
