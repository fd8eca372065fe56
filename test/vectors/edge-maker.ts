/** What the makers of sm2-edge.json share: keys and nonces from a seed, DER by hand, and the list of cases. */
import type { Difference, EdgeCase } from './sm2-edge-file.ts';
import {
  bytesOf,
  type Curve,
  generatorOf,
  identityOf,
  modulo,
  multiply,
  numberOf,
  type Point,
  signDigest,
  sm3Of,
  type Value,
} from './textbook-sm2.ts';

export const CURVE: Curve = {
  p: BigInt('0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff'),
  a: BigInt('0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc'),
  b: BigInt('0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93'),
  n: BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
  gx: BigInt('0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7'),
  gy: BigInt('0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'),
};
export const SEED = 'zhengku sm2 edge cases 1';
export const DEFAULT_ID = Buffer.from('1234567812345678');

export interface Key {
  readonly d: bigint;
  readonly point: Point;
}

/** A number from 1 to n − 2, the same for the same name. */
export function seeded(name: string): bigint {
  const wide = Buffer.concat([sm3Of(Buffer.from(`${SEED} ${name} 0`)), sm3Of(Buffer.from(`${SEED} ${name} 1`))]);
  return modulo(numberOf(wide), CURVE.n - 2n) + 1n;
}

export function keyOf(d: bigint): Key {
  const point = multiply(CURVE, generatorOf(CURVE), d);
  if (point === undefined) throw new RangeError('no key');
  return { d, point };
}

export const digestOf = (point: Point, id: Uint8Array, message: Uint8Array): bigint =>
  numberOf(sm3Of(identityOf(CURVE, point, id), message));

/** A right signature; the nonce is the seed's, by `name`. */
export function sign(key: Key, id: Uint8Array, message: Uint8Array, name: string): Value {
  const value = signDigest(CURVE, key.d, digestOf(key.point, id, message), seeded(`nonce ${name}`));
  if (value === undefined) throw new RangeError('another nonce is needed');
  return value;
}

// DER by hand: every part may be wrong on purpose
export const tlv = (tag: number, value: Uint8Array, length?: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(tag), length ?? shortest(value.length), value]);

function shortest(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

/** Two's complement, as short as can be. */
export function contentOf(value: bigint): Buffer {
  let length = 1;
  while (value < -(1n << BigInt(length * 8 - 1)) || value >= 1n << BigInt(length * 8 - 1)) length += 1;
  return bytesOf(BigInt.asUintN(length * 8, value), length);
}

export const int = (value: bigint): Buffer => tlv(2, contentOf(value));
export const seq = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, Buffer.concat(parts));
export const derOf = ({ r, s }: Value): Buffer => seq(int(r), int(s));
export const pointBytes = (point: Point): Buffer => Buffer.concat([Buffer.of(4), bytesOf(point[0]), bytesOf(point[1])]);

const EC_PUBLIC_KEY = Buffer.from('06072a8648ce3d0201', 'hex');
export const SM2_OID = Buffer.from('06082a811ccf5501822d', 'hex');

/** SubjectPublicKeyInfo around the bytes of a point, right or wrong. */
export function spkiOf(point: Uint8Array, curve: Uint8Array = SM2_OID, unusedBits = 0): Buffer {
  return seq(seq(EC_PUBLIC_KEY, curve), tlv(3, Buffer.concat([Buffer.of(unusedBits), point])));
}

export interface NewCase {
  readonly comment: string;
  readonly key: Point | Uint8Array;
  readonly id?: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Value | Uint8Array;
  readonly expected: EdgeCase['expected'];
  readonly flags?: readonly string[];
  readonly differs?: Readonly<Record<string, Difference>>;
}

/** Collects cases of a group, numbered in their order. */
export class CaseList {
  readonly cases: EdgeCase[] = [];

  add(group: string, one: NewCase): void {
    const number = this.cases.filter((known) => known.group === group).length + 1;
    const { key, signature, id = DEFAULT_ID } = one;
    this.cases.push({
      id: `${group}-${number}`,
      group,
      comment: one.comment,
      publicKey: toHex(key instanceof Uint8Array ? key : spkiOf(pointBytes(key))),
      distId: toHex(id),
      message: toHex(one.message),
      signature: toHex(signature instanceof Uint8Array ? signature : derOf(signature)),
      expected: one.expected,
      flags: one.flags ?? [],
      ...(one.differs === undefined ? {} : { differs: one.differs }),
    });
  }
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
