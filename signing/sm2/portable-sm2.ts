/** SM2 by @noble/curves (GB/T 32918.2 §6–7), for a machine whose OpenSSL does not pass the self test. */
import { type KeyObject, randomBytes } from 'node:crypto';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { SigningError } from '../error.ts';
import { fromField, SM2_CURVE } from './curve.ts';
import type { Sm2Engine } from './engine.ts';
import { parseSm2Signature, type Sm2SignatureValue, toSm2SignatureDer } from './signature-value.ts';
import { sm3 } from './sm3.ts';

const Point = weierstrass(SM2_CURVE);
const { n } = SM2_CURVE;
const mod = (value: bigint) => ((value % n) + n) % n;

function inverse(value: bigint): bigint {
  let [low, high, x, y] = [mod(value), n, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, x, y] = [high - quotient * low, low, y - quotient * x, x];
  }
  return mod(x);
}

/** The private number of a key. @throws KEY_UNUSABLE */
export function secretOf(key: KeyObject): bigint {
  // the 32 bytes after the head of ECPrivateKey (RFC 5915 §3): version 1, OCTET STRING of 32
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const at = der.indexOf(Buffer.from('0201010420', 'hex'));
  if (at < 0) throw new SigningError('KEY_UNUSABLE', 'no SM2 secret in this key');
  return fromField(der.subarray(at + 5, at + 37));
}

/** One attempt with nonce `k`; undefined when the standard asks for another nonce. */
export function signWithNonce(d: bigint, digest: bigint, k: bigint): Sm2SignatureValue | undefined {
  if (k < 1n || k >= n) return undefined;
  const r = mod(digest + Point.BASE.multiply(k).toAffine().x);
  if (r === 0n || r + k === n) return undefined;
  const s = mod(inverse(1n + d) * (k - r * d));
  return s === 0n ? undefined : { r, s };
}

export const PORTABLE_SM2: Sm2Engine = {
  name: 'portable',
  verify(point, identity, message, signature) {
    const { r, s } = parseSm2Signature(signature);
    const t = mod(r + s);
    if (t === 0n) return false;
    const publicPoint = Point.fromAffine({ x: fromField(point.subarray(1, 33)), y: fromField(point.subarray(33)) });
    const sum = Point.BASE.multiplyUnsafe(s).add(publicPoint.multiplyUnsafe(t));
    return !sum.is0() && mod(fromField(sm3(identity, message)) + sum.toAffine().x) === r;
  },
  sign(key, identity, message) {
    const digest = fromField(sm3(identity, message));
    const d = secretOf(key.imported);
    for (;;) {
      const value = signWithNonce(d, digest, fromField(randomBytes(32)));
      if (value !== undefined) return toSm2SignatureDer(value);
    }
  },
};
