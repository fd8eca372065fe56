/** SM2 public-key encryption (GB/T 32918.4) in the form of GB/T 35276: SEQUENCE { x, y, SM3 digest, ciphertext }. What is
 *  encrypted here is a key of a block cipher: some bytes, never a file. */
import { timingSafeEqual } from 'node:crypto';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toInteger, toOctetString } from '../der/read-values.ts';
import { integer, octetString, sequence } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import { fromField, SM2_CURVE, toField, toSm2Point } from './curve.ts';
import { importPrivate } from './native-sm2.ts';
import { secretOf } from './portable-sm2.ts';
import { sm3 } from './sm3.ts';

const Point = weierstrass(SM2_CURVE);
const { n } = SM2_CURVE;
const MOST_BYTES = 1024;

/** The key derivation function of GB/T 32918.4 §5.4.3: SM3 over the point and a counter. */
function derive(x: Uint8Array, y: Uint8Array, length: number): Uint8Array {
  const derived = new Uint8Array(Math.ceil(length / 32) * 32);
  const counter = Buffer.alloc(4);
  for (let block = 0; block * 32 < length; block += 1) {
    counter.writeUInt32BE(block + 1);
    derived.set(sm3(x, y, counter), block * 32);
  }
  return derived.subarray(0, length);
}

const mix = (bytes: Uint8Array, mask: Uint8Array) => bytes.map((byte, at) => byte ^ (mask[at] ?? 0));

/** @param publicKey SubjectPublicKeyInfo, DER, or the point of 65 bytes @param random gives strong random bytes
 *  @throws KEY_UNUSABLE for another kind of key, TOO_LARGE for what is no key */
export function encryptSm2(
  publicKey: Uint8Array,
  plain: Uint8Array,
  random: (count: number) => Uint8Array,
): Uint8Array {
  if (plain.length === 0 || plain.length > MOST_BYTES) throw new SigningError('TOO_LARGE', 'only keys are encrypted');
  const point = toSm2Point(publicKey);
  const theirs = Point.fromAffine({ x: fromField(point.subarray(1, 33)), y: fromField(point.subarray(33)) });
  for (;;) {
    const k = fromField(random(32));
    if (k < 1n || k >= n) continue;
    const own = Point.BASE.multiply(k).toAffine();
    const shared = theirs.multiply(k).toAffine();
    const [x, y] = [toField(shared.x), toField(shared.y)];
    const mask = derive(x, y, plain.length);
    // the standard asks for another nonce when the mask would leave the text as it is
    if (mask.every((byte) => byte === 0)) continue;
    return sequence(
      integer(own.x),
      integer(own.y),
      octetString(sm3(x, plain, y)),
      octetString(mix(Uint8Array.from(plain), mask)),
    );
  }
}

/** @param pkcs8 DER @throws MALFORMED for another form, KEY_UNUSABLE when the key does not open it */
export function decryptSm2(pkcs8: Uint8Array, encrypted: Uint8Array): Uint8Array {
  const fields = new DerFields(parseDer(encrypted));
  const [x1, y1] = [toInteger(fields.take(TAG.INTEGER)), toInteger(fields.take(TAG.INTEGER))];
  const digest = toOctetString(fields.take(TAG.OCTET_STRING));
  const mixed = toOctetString(fields.take(TAG.OCTET_STRING));
  fields.end();
  // a point off the curve would give the key away
  toSm2Point(Buffer.concat([Uint8Array.of(4), toField(x1), toField(y1)]));
  const shared = Point.fromAffine({ x: x1, y: y1 })
    .multiply(secretOf(importPrivate(pkcs8)))
    .toAffine();
  const [x, y] = [toField(shared.x), toField(shared.y)];
  const plain = mix(Uint8Array.from(mixed), derive(x, y, mixed.length));
  const expected = sm3(x, plain, y);
  if (digest.length !== expected.length || !timingSafeEqual(digest, expected))
    throw new SigningError('KEY_UNUSABLE', 'this key does not open it');
  return plain;
}
