/** The SM2 signature value as DER SEQUENCE{ r INTEGER, s INTEGER } (GM/T 0009 §7.3). */
import { DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toInteger } from '../der/read-values.ts';
import { integer, sequence } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import { fromField, SM2_CURVE } from './curve.ts';

export interface Sm2SignatureValue {
  readonly r: bigint;
  readonly s: bigint;
}

/** @throws MALFORMED unless it is strict DER with r and s in 1..n-1. */
export function parseSm2Signature(der: Uint8Array): Sm2SignatureValue {
  const fields = new DerFields(parseDer(der));
  const r = toInteger(fields.take(TAG.INTEGER));
  const s = toInteger(fields.take(TAG.INTEGER));
  fields.end();
  const inRange = (value: bigint) => value >= 1n && value < SM2_CURVE.n;
  if (!inRange(r) || !inRange(s)) throw new SigningError('MALFORMED', 'SM2 r or s out of range');
  return { r, s };
}

export function toSm2SignatureDer({ r, s }: Sm2SignatureValue): Uint8Array {
  return sequence(integer(r), integer(s));
}

/** DER of a raw 64-byte r‖s, as two vendors store it. */
export function fromRawSm2Signature(raw: Uint8Array): Uint8Array {
  return toSm2SignatureDer({ r: fromField(raw.subarray(0, 32)), s: fromField(raw.subarray(32)) });
}
