/** Primitive DER values (ITU-T X.690 §8, §11), read strictly. */
import { type DerNode, derFault, TAG } from './read-der.ts';

function expectTag(node: DerNode, tag: number): void {
  if (node.tag !== tag) throw derFault(`expected tag ${tag.toString(16)}, found ${node.tag.toString(16)}`, node.offset);
}

/** INTEGER of any size, minimal two's complement. */
export function toInteger(node: DerNode): bigint {
  expectTag(node, TAG.INTEGER);
  const [first, second] = node.value;
  if (first === undefined) throw derFault('empty integer', node.offset);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw derFault('integer not minimal', node.offset);
  }
  const unsigned = BigInt(`0x${Buffer.from(node.value).toString('hex')}`);
  return first >= 0x80 ? unsigned - (1n << BigInt(node.value.length * 8)) : unsigned;
}

/** INTEGER that must lie in 0..2^31-1. */
export function toSmallInteger(node: DerNode): number {
  const value = toInteger(node);
  if (value < 0n || value > 0x7fffffffn) throw derFault('integer out of range', node.offset);
  return Number(value);
}

/** BOOLEAN: 00 or FF only. */
export function toBoolean(node: DerNode): boolean {
  expectTag(node, TAG.BOOLEAN);
  const [byte] = node.value;
  if (node.value.length !== 1 || (byte !== 0 && byte !== 0xff)) throw derFault('boolean not 00 or FF', node.offset);
  return byte === 0xff;
}

/** OBJECT IDENTIFIER in dotted form. */
export function toOid(node: DerNode): string {
  expectTag(node, TAG.OID);
  const arcs: number[] = [];
  let arc = 0;
  let fresh = true;
  for (const byte of node.value) {
    if (fresh && byte === 0x80) throw derFault('object identifier not minimal', node.offset);
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw derFault('object identifier too long', node.offset);
    fresh = (byte & 0x80) === 0;
    if (fresh) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const head = arcs.shift();
  if (head === undefined || !fresh) throw derFault('object identifier cut short', node.offset);
  const root = Math.min(2, Math.floor(head / 40));
  return [root, head - root * 40, ...arcs].join('.');
}

export interface BitString {
  readonly bytes: Uint8Array;
  readonly unusedBits: number;
  /** False when the unused bits are more than 7 or not all zero: DER forbids it, genuine stamps carry it. */
  readonly clean: boolean;
}

/** BIT STRING as it stands; the caller judges `clean`. */
export function toBitString(node: DerNode): BitString {
  expectTag(node, TAG.BIT_STRING);
  const [unusedBits] = node.value;
  if (unusedBits === undefined) throw derFault('empty bit string', node.offset);
  const bytes = node.value.subarray(1);
  const last = bytes.at(-1) ?? 0;
  const clean = unusedBits <= 7 && (bytes.length > 0 || unusedBits === 0) && (last & ((1 << unusedBits) - 1)) === 0;
  return { bytes, unusedBits, clean };
}

/** BIT STRING of whole octets, nothing unused. */
export function toOctets(node: DerNode): Uint8Array {
  const { bytes, unusedBits } = toBitString(node);
  if (unusedBits !== 0) throw derFault('bit string with unused bits', node.offset);
  return bytes;
}

/** The bytes of an OCTET STRING. */
export function toOctetString(node: DerNode): Uint8Array {
  expectTag(node, TAG.OCTET_STRING);
  return node.value;
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF8String, IA5String or PrintableString, by its own tag and character set. */
export function toText(node: DerNode, tag: number): string {
  expectTag(node, tag);
  if (tag === TAG.UTF8) {
    try {
      return STRICT_UTF8.decode(node.value);
    } catch (cause) {
      throw derFault(`text is not UTF-8 (${String(cause)})`, node.offset);
    }
  }
  const text = Buffer.from(node.value).toString('latin1');
  const allowed = tag === TAG.PRINTABLE ? /^[A-Za-z0-9 '()+,\-./:=?]*$/ : /^\p{ASCII}*$/u;
  if (!allowed.test(text)) throw derFault('character not allowed in this string type', node.offset);
  return text;
}

const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** UTCTime or GeneralizedTime in the DER form (seconds, Z, no fraction). */
export function toTime(node: DerNode): Date {
  const text = Buffer.from(node.value).toString('latin1');
  const parts = (node.tag === TAG.GENERALIZED_TIME ? GENERALIZED : node.tag === TAG.UTC_TIME ? UTC : /^$x/).exec(text);
  if (parts === null) throw derFault('not a DER time', node.offset);
  const [yearText = '', ...rest] = parts.slice(1);
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = rest.map(Number);
  // RFC 5280 §4.1.2.5.1: two-digit years are 1950–2049
  const year = yearText.length === 4 ? Number(yearText) : Number(yearText) + (Number(yearText) < 50 ? 2000 : 1900);
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  time.setUTCHours(hour, minute, second);
  const same = time.getUTCMonth() === month - 1 && time.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!same) throw derFault('no such time', node.offset);
  return time;
}
