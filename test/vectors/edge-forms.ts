/** Edge cases of the forms: DER of the signature, and forms of the public key. */
import {
  type CaseList,
  CURVE,
  contentOf,
  DEFAULT_ID,
  derOf,
  int,
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

export function addDer(list: CaseList): void {
  const key = keyOf(seeded('der'));
  const message = Buffer.from('der');
  const value = sign(key, DEFAULT_ID, message, 'der 4');
  const [r, s] = [contentOf(value.r), contentOf(value.s)];
  const [ir, is] = [int(value.r), int(value.s)];
  const good = derOf(value);
  const body = bytes(ir, is);
  const invalid = (comment: string, signature: Uint8Array, flag: string) =>
    list.add('der', { comment, key: key.point, message, signature, expected: 'invalid', flags: [flag] });
  list.add('der', { comment: 'strict DER', key: key.point, message, signature: good, expected: 'valid' });
  for (const [name, long] of [
    ['one byte', of(0x81, 0)],
    ['two bytes', of(0x82, 0, 0)],
    ['three bytes', of(0x83, 0, 0, 0)],
    ['four bytes', of(0x84, 0, 0, 0, 0)],
    ['nine bytes', of(0x89, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ] as const) {
    const lengthOf = (length: number): Buffer => bytes(long.subarray(0, -1), length);
    invalid(`long length of ${name} at the SEQUENCE`, tlv(0x30, body, lengthOf(body.length)), 'LongLength');
    invalid(`long length of ${name} at r`, seq(tlv(2, r, lengthOf(r.length)), is), 'LongLength');
    invalid(`long length of ${name} at s`, seq(ir, tlv(2, s, lengthOf(s.length))), 'LongLength');
  }
  for (const count of [1, 2, 16]) {
    const zeros = Buffer.alloc(count);
    invalid(`${count} zero bytes too many before r`, seq(tlv(2, bytes(zeros, r)), is), 'NotMinimal');
    invalid(`${count} zero bytes too many before s`, seq(ir, tlv(2, bytes(zeros, s))), 'NotMinimal');
  }
  const bare = (content: Buffer): Buffer => (content[0] === 0 ? content.subarray(1) : content);
  if (r[0] === 0) invalid('the sign byte of r is missing: r is negative', seq(tlv(2, bare(r)), is), 'MissingSign');
  if (s[0] === 0) invalid('the sign byte of s is missing: s is negative', seq(ir, tlv(2, bare(s))), 'MissingSign');
  invalid('r and s without their sign bytes', seq(tlv(2, bare(r)), tlv(2, bare(s))), 'MissingSign');
  for (const tag of [0x00, 0x01, 0x03, 0x04, 0x05, 0x0a, 0x22, 0x30, 0x82, 0x42]) {
    const name = tag.toString(16).padStart(2, '0');
    invalid(`tag ${name} in the place of INTEGER r`, seq(tlv(tag, r), is), 'WrongTag');
    invalid(`tag ${name} in the place of INTEGER s`, seq(ir, tlv(tag, s)), 'WrongTag');
  }
  for (const tag of [0x00, 0x02, 0x04, 0x10, 0x31, 0x70, 0xa0, 0xb0]) {
    invalid(`tag ${tag.toString(16).padStart(2, '0')} in the place of SEQUENCE`, tlv(tag, body), 'WrongTag');
  }
  invalid('long tag in the place of SEQUENCE', bytes(of(0x3f, 0x10, body.length), body), 'WrongTag');
  addTrailing(list, key.point, message, { good, body, ir, is });
  addOtherShapes(list, key.point, message, { good, body, ir, is, raw: bytes(bytesOf(value.r), bytesOf(value.s)) });
  for (let length = 0; length < good.length; length += 1) {
    invalid(`cut short after ${length} of ${good.length} bytes`, good.subarray(0, length), 'Truncated');
  }
}

type Parts = Readonly<Record<'good' | 'body' | 'ir' | 'is', Buffer>>;

function addTrailing(list: CaseList, key: Point, message: Buffer, { good, body, ir, is }: Parts): void {
  const invalid = (comment: string, signature: Uint8Array) =>
    list.add('der', { comment, key, message, signature, expected: 'invalid', flags: ['Trailing'] });
  invalid('a zero byte behind the SEQUENCE', bytes(good, 0));
  invalid('a byte ff behind the SEQUENCE', bytes(good, 0xff));
  invalid('NULL behind the SEQUENCE', bytes(good, of(5, 0)));
  invalid('the signature a second time behind itself', bytes(good, good));
  invalid('a zero byte inside the SEQUENCE', seq(body, of(0)));
  invalid('NULL inside the SEQUENCE', seq(body, of(5, 0)));
  invalid('NULL before r', seq(of(5, 0), body));
  invalid('NULL between r and s', seq(ir, of(5, 0), is));
  invalid('a third INTEGER', seq(body, of(2, 1, 1)));
  invalid('end-of-contents behind s', seq(body, of(0, 0)));
  invalid('a byte before the SEQUENCE', bytes(0, good));
  invalid('the SEQUENCE one byte longer than stated', bytes(of(0x30, body.length - 1), body));
  invalid('the SEQUENCE one byte shorter than stated', bytes(of(0x30, body.length + 1), body));
}

function addOtherShapes(
  list: CaseList,
  key: Point,
  message: Buffer,
  { good, body, ir, is, raw }: Parts & { readonly raw: Buffer },
): void {
  const invalid = (comment: string, signature: Uint8Array, flag: string) =>
    list.add('der', { comment, key, message, signature, expected: 'invalid', flags: [flag] });
  invalid('indefinite length (BER)', bytes(of(0x30, 0x80), body, of(0, 0)), 'Indefinite');
  invalid('indefinite length without its end', bytes(of(0x30, 0x80), body), 'Indefinite');
  invalid('constructed INTEGERs (BER)', seq(tlv(0x22, ir), tlv(0x22, is)), 'WrongTag');
  invalid('nothing at all', of(), 'Empty');
  invalid('an empty SEQUENCE', seq(), 'Empty');
  invalid('only r', seq(ir), 'Empty');
  invalid('r is an empty INTEGER', seq(of(2, 0), is), 'Empty');
  invalid('s is an empty INTEGER', seq(ir, of(2, 0)), 'Empty');
  invalid('NULL', of(5, 0), 'Empty');
  invalid('s before r', seq(is, ir), 'Swapped');
  invalid('raw r‖s of 64 bytes', raw, 'Raw');
  invalid('raw s‖r of 64 bytes', bytes(raw.subarray(32), raw.subarray(0, 32)), 'Raw');
  invalid('raw r‖s in an OCTET STRING', tlv(4, raw), 'Raw');
  invalid('the SEQUENCE in an OCTET STRING', tlv(4, good), 'Wrapped');
  invalid('the SEQUENCE in a BIT STRING', tlv(3, bytes(0, good)), 'Wrapped');
  invalid('the SEQUENCE in a SEQUENCE', seq(good), 'Wrapped');
  invalid('r and s in a SEQUENCE each', seq(seq(ir), seq(is)), 'Wrapped');
  invalid('the SEQUENCE as hexadecimal text', Buffer.from(good.toString('hex')), 'Wrapped');
  invalid('the SEQUENCE as base64 text', Buffer.from(good.toString('base64')), 'Wrapped');
  invalid(
    'a length of 2^32 − 1 at r',
    seq(bytes(of(2, 0x84, 0xff, 0xff, 0xff, 0xff), ir.subarray(2)), is),
    'LongLength',
  );
  invalid('a length of 2^31 at the SEQUENCE', bytes(of(0x30, 0x84, 0x80, 0, 0, 0), body), 'LongLength');
}

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
