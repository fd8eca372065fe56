/** When a PDF's signer says it signed: the CMS signing-time attribute (RFC 5652 §11.3), else /M (ISO 32000-1 §7.9.4). */

import { CMS_OID } from '../cms/cms-oids.ts';
import type { SignedData } from '../cms/read-signed-data.ts';
import { toTime } from '../der/read-values.ts';
import type { PdfDict } from './syntax/pdf-value.ts';

const PDF_DATE = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?00'?)?|([+-])(\d\d)(?:'?(\d\d)'?)?)?$/;

/** Undefined when neither is there, or readable. */
export function claimedTime(signature: PdfDict, signed: SignedData): Date | undefined {
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
