/** Edge cases of the forms of a public key, and of points that are none. */
import {
  type CaseList,
  CURVE,
  DEFAULT_ID,
  keyOf,
  pointBytes,
  SM2_OID,
  seeded,
  seq,
  sign,
  spkiOf,
  tlv,
} from './edge-maker.ts';
import { bytesOf, type Point } from './textbook-sm2.ts';

const { p } = CURVE;
const bytes = (...parts: readonly (Uint8Array | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));
const of = (...octets: readonly number[]): Buffer => Buffer.from(octets);

export function addKeys(list: CaseList): void {
  const key = keyOf(seeded('keys'));
  const message = Buffer.from('keys');
  const signature = sign(key, DEFAULT_ID, message, 'keys');
  const [x, y] = key.point;
  const point = pointBytes(key.point);
  const add = (comment: string, spki: Uint8Array, flag: string, expected: 'valid' | 'invalid' = 'invalid') =>
    list.add('key', { comment, key: spki, message, signature, expected, flags: [flag] });
  add('the right key', spkiOf(point), 'KeyForm', 'valid');
  const of4 = (one: bigint, other: bigint): Buffer => bytes(4, bytesOf(one), bytesOf(other));
  for (const [comment, wrong] of [
    ['y one too great: not on the curve', of4(x, y + 1n)],
    ['x one too great: not on the curve', of4(x + 1n, y)],
    ['x and y exchanged', of4(y, x)],
    ['(0, 0)', of4(0n, 0n)],
    ['(x, 0)', of4(x, 0n)],
    ['(0, y)', of4(0n, y)],
    ['(p, 0)', of4(p, 0n)],
    ['(p, p)', of4(p, p)],
    ['(2^256 − 1, 2^256 − 1)', of4((1n << 256n) - 1n, (1n << 256n) - 1n)],
    ['(1, 1)', of4(1n, 1n)],
  ] as const) {
    add(comment, spkiOf(wrong), 'NotOnCurve');
  }
  addNotReduced(list);
  add('the point at infinity: one zero byte', spkiOf(of(0)), 'Infinity');
  add('the point at infinity: 65 zero bytes', spkiOf(Buffer.alloc(65)), 'Infinity');
  add('no point at all', spkiOf(of()), 'KeyForm');
  const parity = Number(y & 1n);
  add('compressed point', spkiOf(bytes(2 + parity, bytesOf(x))), 'Compressed');
  add('compressed point of the other sign', spkiOf(bytes(3 - parity, bytesOf(x))), 'Compressed');
  add('hybrid point', spkiOf(bytes(6 + parity, bytesOf(x), bytesOf(y))), 'Hybrid');
  add('hybrid point of the other sign', spkiOf(bytes(7 - parity, bytesOf(x), bytesOf(y))), 'Hybrid');
  for (const first of [0, 1, 5, 0xff]) add(`point form ${first}`, spkiOf(bytes(first, point.subarray(1))), 'KeyForm');
  add('point without its form byte', spkiOf(point.subarray(1)), 'KeyForm');
  add('a byte too many behind the point', spkiOf(bytes(point, 0)), 'KeyForm');
  add('the last byte of the point is missing', spkiOf(point.subarray(0, -1)), 'KeyForm');
  addSpkiForms(list, message, signature, point);
}

/** x + p fits into 32 bytes only when x is small. The secret of such a point is nobody's. */
function addNotReduced(list: CaseList): void {
  const message = Buffer.from('not reduced');
  const signature = { r: seeded('not reduced r'), s: seeded('not reduced s') };
  const [x, y] = smallPoint();
  for (const [comment, key] of [
    ['x + p in the place of x: the same point, not reduced', [x + p, y]],
    ['x + p in the place of x, and the other y', [x + p, p - y]],
    ['a point with a small x, and values by chance', [x, y]],
  ] as const) {
    list.add('key', { comment, key, message, signature, expected: 'invalid', flags: ['NotReduced'] });
  }
}

/** The point of the curve with the smallest x. */
function smallPoint(): Point {
  const { a, b } = CURVE;
  for (let x = 0n; ; x += 1n) {
    const square = (x * x * x + a * x + b) % p;
    const root = power(square, (p + 1n) / 4n);
    if ((root * root) % p === square) return [x, root];
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, factor] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % p;
    factor = (factor * factor) % p;
  }
  return result;
}

function addSpkiForms(
  list: CaseList,
  message: Buffer,
  signature: { readonly r: bigint; readonly s: bigint },
  point: Buffer,
): void {
  const add = (comment: string, spki: Uint8Array, flag: string) =>
    list.add('key', { comment, key: spki, message, signature, expected: 'invalid', flags: [flag] });
  const right = spkiOf(point);
  const oid = (text: string): Buffer => Buffer.from(text, 'hex');
  const ecPublicKey = oid('06072a8648ce3d0201');
  const bits = tlv(3, bytes(0, point));
  add('curve P-256', spkiOf(point, oid('06082a8648ce3d030107')), 'WrongCurve');
  add('curve secp256k1', spkiOf(point, oid('06052b8104000a')), 'WrongCurve');
  add('curve wapip192v1', spkiOf(point, oid('06092a811ccf5501822d65')), 'WrongCurve');
  add('algorithm id-sm2 signature in the place of the curve', spkiOf(point, oid('06082a811ccf55018375')), 'WrongCurve');
  add('no curve', seq(seq(ecPublicKey), bits), 'WrongCurve');
  add('NULL in the place of the curve', spkiOf(point, of(5, 0)), 'WrongCurve');
  add('algorithm SM2 (1.2.156.10197.1.301) without parameters', seq(seq(SM2_OID), bits), 'KeyForm');
  add('algorithm rsaEncryption', seq(seq(oid('06092a864886f70d010101'), of(5, 0)), bits), 'KeyForm');
  add('one unused bit in the BIT STRING', spkiOf(point, SM2_OID, 1), 'KeyForm');
  add('eight unused bits in the BIT STRING', spkiOf(point, SM2_OID, 8), 'KeyForm');
  add('OCTET STRING in the place of the BIT STRING', seq(seq(ecPublicKey, SM2_OID), tlv(4, point)), 'KeyForm');
  add('a zero byte behind the key', bytes(right, 0), 'KeyForm');
  add('NULL inside the key', seq(seq(ecPublicKey, SM2_OID), bits, of(5, 0)), 'KeyForm');
  add('NULL behind the curve', seq(seq(ecPublicKey, SM2_OID, of(5, 0)), bits), 'KeyForm');
  add('long length at the key', tlv(0x30, right.subarray(2), of(0x81, right.length - 2)), 'KeyForm');
  add('indefinite length at the key (BER)', bytes(of(0x30, 0x80), right.subarray(2), of(0, 0)), 'KeyForm');
  add('the key cut short', right.subarray(0, -1), 'KeyForm');
  add('nothing at all', of(), 'KeyForm');
  add('a key of P-256 that is right in itself', spkiOf(P256_GENERATOR, oid('06082a8648ce3d030107')), 'WrongCurve');
  add('the point of P-256’s generator, said to be SM2', spkiOf(P256_GENERATOR), 'NotOnCurve');
}

const P256_GENERATOR = Buffer.from(
  '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  'hex',
);
