/** Edge cases of what is signed: identifiers, messages, other algorithms, and what was changed afterwards. */

import { createHash } from 'node:crypto';
import { type CaseList, CURVE, DEFAULT_ID, digestOf, type Key, keyOf, pointBytes, seeded, sign } from './edge-maker.ts';
import {
  bytesOf,
  generatorOf,
  identityOf,
  inverse,
  modulo,
  multiply,
  numberOf,
  type Point,
  signDigest,
  sm3Of,
  type Value,
} from './textbook-sm2.ts';

const { n } = CURVE;
const text = (words: string): Buffer => Buffer.from(words);

const IDS: readonly (readonly [string, Buffer])[] = [
  ['empty', text('')],
  ['one byte', text('A')],
  ['one zero byte', Buffer.of(0)],
  ['the default', DEFAULT_ID],
  ['the default twice', text('12345678123456781234567812345678')],
  ['the default in another order', text('8765432187654321')],
  ['15 bytes', text('123456781234567')],
  ['17 bytes', text('12345678123456781')],
  ['31 bytes: ENTL of 248', text('i'.repeat(31))],
  ['32 bytes: ENTL of 256, its second byte zero', text('i'.repeat(32))],
  ['33 bytes', text('i'.repeat(33))],
  ['255 bytes', text('i'.repeat(255))],
  ['256 bytes', text('i'.repeat(256))],
  ['the example of GM/T 0003.2', text('ALICE123@YAHOO.COM')],
  ['Chinese, UTF-8', text('郑州市市场监督管理局')],
  ['beyond the basic plane, UTF-8', text('𠮷野家🀄')],
  ['combining marks, not composed', text('e\u0301')],
  ['composed', text('\u00e9')],
  ['line end', text('1234567812345678\n')],
  ['leading and trailing space', text(' 1234567812345678 ')],
  ['hexadecimal text', text('31323334353637383132333435363738')],
  ['8190 bytes', text('i'.repeat(8190))],
  ['8191 bytes: ENTL of 65528, the greatest there is', text('i'.repeat(8191))],
];

export function addIdentities(list: CaseList): void {
  const key = keyOf(seeded('identity'));
  const message = text('identity');
  for (const [name, id] of IDS) {
    const signature = sign(key, id, message, `id ${name}`);
    const flags = ['Identity'];
    list.add('identity', { comment: name, key: key.point, id, message, signature, expected: 'valid', flags });
    if (id.length > 1000) continue;
    const other = id.equals(DEFAULT_ID) ? text('') : DEFAULT_ID;
    const comment = `${name}; verified under ${other.length === 0 ? 'the empty identifier' : 'the default'}`;
    list.add('identity', {
      comment,
      key: key.point,
      id: other,
      message,
      signature,
      expected: 'invalid',
      flags: ['WrongIdentity'],
    });
  }
  addTooLong(list, key, message);
}

function addTooLong(list: CaseList, key: Key, message: Buffer): void {
  const tooLong = text('i'.repeat(8192));
  const wrapped = Buffer.concat([Buffer.of(0, 0), tooLong]);
  const e = digestWithHead(wrapped, key.point, message);
  const signature = signDigest(CURVE, key.d, e, seeded('nonce too long')) ?? { r: 0n, s: 0n };
  const comment = '8192 bytes: 65536 bits do not fit into ENTL; made with ENTL = 0';
  list.add('identity', {
    comment,
    key: key.point,
    id: tooLong,
    message,
    signature,
    expected: 'invalid',
    flags: ['IdentityTooLong'],
  });
}

/** e with the first part of Z_A, ENTL and the identifier, given. */
function digestWithHead(head: Uint8Array, point: Point, message: Uint8Array): bigint {
  const { a, b, gx, gy } = CURVE;
  return numberOf(sm3Of(sm3Of(head, ...[a, b, gx, gy, ...point].map((value) => bytesOf(value))), message));
}

export function addMessages(list: CaseList): void {
  const key = keyOf(seeded('message'));
  const row = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7 + 3) & 0xff));
  // SM3 pads behind 55 bytes of a block; 32 bytes of Z_A stand before the message
  for (const length of [
    0, 1, 2, 22, 23, 24, 30, 31, 32, 33, 54, 55, 56, 57, 63, 64, 65, 86, 87, 88, 95, 96, 97, 119, 120, 127, 128, 129,
    1000, 10_000,
  ]) {
    const message = row(length);
    const signature = sign(key, DEFAULT_ID, message, `length ${length}`);
    const flags = ['MessageLength'];
    list.add('message', { comment: `${length} bytes`, key: key.point, message, signature, expected: 'valid', flags });
  }
  for (const [comment, message] of [
    ['64 zero bytes', Buffer.alloc(64)],
    ['64 bytes ff', Buffer.alloc(64, 0xff)],
    ['Chinese text', text('中华人民共和国电子证照')],
    ['the message is Z_A itself', identityOf(CURVE, key.point, DEFAULT_ID)],
    ['the message is the public key', pointBytes(key.point)],
  ] as const) {
    const signature = sign(key, DEFAULT_ID, message, comment);
    list.add('message', { comment, key: key.point, message, signature, expected: 'valid' });
  }
  addAltered(list, key, row(64));
}

function addAltered(list: CaseList, key: Key, message: Buffer): void {
  const signature = sign(key, DEFAULT_ID, message, 'altered');
  const flipped = (at: number): Buffer => {
    const copy = Buffer.from(message);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  };
  for (const [comment, altered] of [
    ['first byte altered', flipped(0)],
    ['last byte altered', flipped(63)],
    ['last byte left out', message.subarray(0, 63)],
    ['a zero byte behind it', Buffer.concat([message, Buffer.of(0)])],
    ['a zero byte before it', Buffer.concat([Buffer.of(0), message])],
    ['the empty message', Buffer.alloc(0)],
    ['the message twice', Buffer.concat([message, message])],
    [
      'padded as SM3 pads',
      Buffer.concat([message, Buffer.of(0x80), Buffer.alloc(23), Buffer.of(0, 0, 0, 0, 0, 0, 3, 0)]),
    ],
    ['as hexadecimal text', text(message.toString('hex'))],
    ['its SM3 digest in its place', sm3Of(message)],
  ] as const) {
    const flags = ['AlteredMessage'];
    list.add('message', { comment, key: key.point, message: altered, signature, expected: 'invalid', flags });
  }
}

type Hash = 'sm3' | 'sha256' | 'sha1' | 'sha512';
const hashOf = (name: Hash, ...parts: readonly Uint8Array[]): Buffer =>
  createHash(name).update(Buffer.concat(parts)).digest();

/** ECDSA over this curve (FIPS 186-5 §6.4.1). */
function ecdsa(d: bigint, digest: Uint8Array, k: bigint): Value {
  const e = numberOf(digest.subarray(0, 32));
  const r = modulo(multiply(CURVE, generatorOf(CURVE), k)?.[0] ?? 0n, n);
  return { r, s: modulo(inverse(k, n) * (e + r * d), n) };
}

export function addAlgorithms(list: CaseList): void {
  const key = keyOf(seeded('algorithm'));
  const message = text('algorithm');
  const z = identityOf(CURVE, key.point, DEFAULT_ID);
  const invalid = (comment: string, signature: Value | undefined, flag: string) => {
    if (signature === undefined) throw new RangeError('another nonce is needed');
    list.add('algorithm', { comment, key: key.point, message, signature, expected: 'invalid', flags: [flag] });
  };
  for (const hash of ['sm3', 'sha256', 'sha1', 'sha512'] as const) {
    const k = seeded(`ecdsa ${hash}`);
    invalid(`ECDSA over the SM2 curve, ${hash} of the message`, ecdsa(key.d, hashOf(hash, message), k), 'Ecdsa');
    invalid(
      `ECDSA over the SM2 curve, ${hash} of Z_A and the message`,
      ecdsa(key.d, hashOf(hash, z, message), k),
      'Ecdsa',
    );
  }
  const signed = (digest: Uint8Array, name: string): Value | undefined =>
    signDigest(CURVE, key.d, modulo(numberOf(digest), 1n << 256n), seeded(`algorithm ${name}`));
  invalid('SM3 of the message without Z_A', signed(sm3Of(message), 'no z'), 'WithoutIdentity');
  invalid(
    'the message itself as digest',
    signed(Buffer.concat([Buffer.alloc(23), message]), 'plain'),
    'WithoutIdentity',
  );
  invalid('SM3 of SM3', signed(sm3Of(sm3Of(z, message)), 'twice'), 'OtherDigest');
  invalid('Z_A behind the message', signed(sm3Of(message, z), 'behind'), 'OtherDigest');
  invalid('SM3 of Z_A and SM3 of the message', signed(sm3Of(z, sm3Of(message)), 'prehash'), 'OtherDigest');
  for (const hash of ['sha256', 'sha512'] as const) {
    invalid(`${hash} in the place of SM3`, signed(hashOf(hash, z, message).subarray(0, 32), hash), 'OtherDigest');
  }
  invalid('e with its bytes turned round', signed(sm3Of(z, message).reverse(), 'reversed'), 'OtherDigest');
  addOtherIdentities(list, key.point, message, signed);
}

function addOtherIdentities(
  list: CaseList,
  point: Point,
  message: Buffer,
  signed: (digest: Uint8Array, name: string) => Value | undefined,
): void {
  const { a, b, gx, gy } = CURVE;
  const fields = [a, b, gx, gy, ...point].map((value) => bytesOf(value));
  const entl = Buffer.of(0, 128);
  const [fa, fb, fgx, fgy, fx, fy] = fields as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  const other = keyOf(seeded('another key')).point;
  for (const [comment, parts] of [
    ['ENTL left out', [DEFAULT_ID, ...fields]],
    ['ENTL in bytes', [Buffer.of(0, 16), DEFAULT_ID, ...fields]],
    ['ENTL with its bytes turned round', [Buffer.of(128, 0), DEFAULT_ID, ...fields]],
    ['ENTL of four bytes', [Buffer.of(0, 0, 0, 128), DEFAULT_ID, ...fields]],
    ['a and b exchanged', [entl, DEFAULT_ID, fb, fa, fgx, fgy, fx, fy]],
    ['without a and b', [entl, DEFAULT_ID, fgx, fgy, fx, fy]],
    ['without the generator', [entl, DEFAULT_ID, fa, fb, fx, fy]],
    ['without the public key', [entl, DEFAULT_ID, fa, fb, fgx, fgy]],
    ['the public key with its form byte 04', [entl, DEFAULT_ID, fa, fb, fgx, fgy, Buffer.of(4), fx, fy]],
    ['x and y of the public key exchanged', [entl, DEFAULT_ID, fa, fb, fgx, fgy, fy, fx]],
    ['the public key of another signer', [entl, DEFAULT_ID, fa, fb, fgx, fgy, ...other.map((value) => bytesOf(value))]],
  ] as const) {
    const signature = signed(sm3Of(sm3Of(...parts), message), comment);
    if (signature === undefined) throw new RangeError('another nonce is needed');
    const flags = ['OtherIdentity'];
    list.add('algorithm', { comment: `Z_A: ${comment}`, key: point, message, signature, expected: 'invalid', flags });
  }
}

export function addWrongKeys(list: CaseList): void {
  const key = keyOf(seeded('right signer'));
  const other = keyOf(seeded('wrong signer'));
  const message = text('whose');
  const signature = sign(key, DEFAULT_ID, message, 'whose');
  const flags = ['WrongKey'];
  for (const [comment, point] of [
    ['the key of another signer', other.point],
    ['the generator as key', generatorOf(CURVE)],
    ['the key of d + 1', keyOf(key.d + 1n).point],
    ['the key of 2d', keyOf(2n * key.d).point],
  ] as const) {
    list.add('wrong-key', { comment, key: point, message, signature, expected: 'invalid', flags });
  }
  // right under the digest that belongs to the first key, so that only the binding of the key into Z_A refuses it
  const bound = signDigest(CURVE, other.d, digestOf(key.point, DEFAULT_ID, message), seeded('bound'));
  const comment = 'signed by the key, over the Z_A of another';
  if (bound)
    list.add('wrong-key', { comment, key: other.point, message, signature: bound, expected: 'invalid', flags });
}
