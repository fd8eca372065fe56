/** SM2 signatures word for word after GB/T 32918.2 §6.1 and §7.1, on any curve over a prime field, with numbers of any
 *  size and no speed. Shares nothing with the product: the edge cases are made with it. */
import { createHash } from 'node:crypto';

export interface Curve {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
  readonly n: bigint;
  readonly gx: bigint;
  readonly gy: bigint;
}

export type Point = readonly [x: bigint, y: bigint];

export const bytesOf = (value: bigint, length = 32): Buffer =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
export const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
export const sm3Of = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sm3').update(Buffer.concat(parts)).digest();

export const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;

const inverses = new Map<bigint, bigint>();

/** The inverse, remembered: searches ask for the same ones over and over. */
function knownInverse(value: bigint, by: bigint): bigint {
  const known = inverses.get(value) ?? inverse(value, by);
  if (inverses.size < 1000) inverses.set(value, known);
  return modulo(known * value, by) === 1n ? known : inverse(value, by);
}

export function inverse(value: bigint, by: bigint): bigint {
  let [low, high, x, y] = [modulo(value, by), by, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, x, y] = [high - quotient * low, low, y - quotient * x, x];
  }
  return modulo(x, by);
}

export const generatorOf = ({ gx, gy }: Curve): Point => [gx, gy];

export function negate(curve: Curve, point: Point): Point {
  return [point[0], modulo(-point[1], curve.p)];
}

/** The sum of two points; undefined is the point at infinity. */
export function add(curve: Curve, one: Point | undefined, other: Point | undefined): Point | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const { p, a } = curve;
  const [[x1, y1], [x2, y2]] = [one, other];
  if (x1 === x2 && modulo(y1 + y2, p) === 0n) return undefined;
  const slope = x1 === x2 ? (3n * x1 * x1 + a) * inverse(2n * y1, p) : (y2 - y1) * inverse(x2 - x1, p);
  const x3 = modulo(slope * slope - x1 - x2, p);
  return [x3, modulo(slope * (x1 - x3) - y1, p)];
}

/** The point added to itself `times` times. */
export function multiply(curve: Curve, point: Point, times: bigint): Point | undefined {
  let sum: Point | undefined;
  let doubled: Point | undefined = point;
  for (let rest = modulo(times, curve.n); rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(curve, sum, doubled);
    doubled = add(curve, doubled, doubled);
  }
  return sum;
}

/** Z_A of §5.5. */
export function identityOf(curve: Curve, point: Point, id: Uint8Array): Buffer {
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE(id.length * 8);
  const { a, b, gx, gy } = curve;
  return sm3Of(bits, id, ...[a, b, gx, gy, ...point].map((value) => bytesOf(value)));
}

export interface Value {
  readonly r: bigint;
  readonly s: bigint;
}

/** §6.1, with secret `d`, digest `e` and nonce `k`. Undefined where the standard asks for another nonce. */
export function signDigest(curve: Curve, d: bigint, e: bigint, k: bigint): Value | undefined {
  const x = multiply(curve, generatorOf(curve), k)?.[0];
  return x === undefined ? undefined : signWithAbscissa(curve, d, e, k, x);
}

/** The rest of §6.1 when the abscissa of kG is known. */
export function signWithAbscissa(curve: Curve, d: bigint, e: bigint, k: bigint, x: bigint): Value | undefined {
  const { n } = curve;
  const r = modulo(e + x, n);
  const s = modulo(knownInverse(1n + d, n) * (k - r * d), n);
  return r === 0n || r + k === n || s === 0n ? undefined : { r, s };
}

/** §7.1. */
export function verifyDigest(curve: Curve, point: Point, e: bigint, { r, s }: Value): boolean {
  const { n } = curve;
  const inRange = (value: bigint): boolean => value >= 1n && value < n;
  const t = modulo(r + s, n);
  if (!inRange(r) || !inRange(s) || t === 0n) return false;
  const sum = add(curve, multiply(curve, generatorOf(curve), s), multiply(curve, point, t));
  return sum !== undefined && modulo(e + sum[0], n) === r;
}
