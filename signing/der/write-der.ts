/** A small DER writer (ITU-T X.690 §10–11). Every function gives one complete element. */
import { SigningError } from '../error.ts';
import { contextTag, TAG } from './read-der.ts';

/** Join byte strings. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function lengthBytes(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

/** An element of any tag around the given parts. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concatBytes([Uint8Array.of(tag), lengthBytes(length), ...parts]);
}

export function sequence(...members: readonly Uint8Array[]): Uint8Array {
  return element(TAG.SEQUENCE, ...members);
}

/** SET OF: members are put in DER order. */
export function setOf(...members: readonly Uint8Array[]): Uint8Array {
  return element(TAG.SET, ...[...members].sort(Buffer.compare));
}

/** [number] EXPLICIT. */
export function explicit(number: number, inner: Uint8Array): Uint8Array {
  return element(contextTag(number), inner);
}

export function integer(value: bigint | number): Uint8Array {
  let rest = BigInt(value);
  const bytes: number[] = [];
  do {
    bytes.unshift(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
  } while (rest !== 0n && rest !== -1n);
  const first = bytes[0] ?? 0;
  if (rest === 0n && first >= 0x80) bytes.unshift(0);
  if (rest === -1n && first < 0x80) bytes.unshift(0xff);
  return element(TAG.INTEGER, Uint8Array.from(bytes));
}

export function boolean(value: boolean): Uint8Array {
  return element(TAG.BOOLEAN, Uint8Array.of(value ? 0xff : 0));
}

export function nullValue(): Uint8Array {
  return element(TAG.NULL);
}

export function oid(dotted: string): Uint8Array {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [root * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) | 0x80);
    bytes.push(...groups);
  }
  return element(TAG.OID, Uint8Array.from(bytes));
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(TAG.OCTET_STRING, bytes);
}

/** BIT STRING of whole octets. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return element(TAG.BIT_STRING, Uint8Array.of(0), bytes);
}

export function utf8String(text: string): Uint8Array {
  return element(TAG.UTF8, Buffer.from(text, 'utf8'));
}

/** @throws MALFORMED for a character that a PrintableString does not hold. */
export function printableString(text: string): Uint8Array {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw new SigningError('MALFORMED', 'not a PrintableString');
  return element(TAG.PRINTABLE, Buffer.from(text, 'latin1'));
}

/** @throws MALFORMED when the text is not ASCII. */
export function ia5String(text: string): Uint8Array {
  if (!/^\p{ASCII}*$/u.test(text)) throw new SigningError('MALFORMED', 'IA5String holds ASCII only');
  return element(TAG.IA5, Buffer.from(text, 'latin1'));
}

/** The DER text of an instant: YYYYMMDDhhmmssZ; fractions of a second are dropped. */
export function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

export function generalizedTime(time: Date): Uint8Array {
  return element(TAG.GENERALIZED_TIME, Buffer.from(timeText(time), 'latin1'));
}

/** Time of RFC 5280 §4.1.2.5: UTCTime up to 2049, GeneralizedTime after. */
export function certificateTime(time: Date): Uint8Array {
  if (time.getUTCFullYear() >= 2050 || time.getUTCFullYear() < 1950) return generalizedTime(time);
  return element(TAG.UTC_TIME, Buffer.from(timeText(time).slice(2), 'latin1'));
}
