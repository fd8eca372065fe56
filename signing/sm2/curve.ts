/** The recommended curve of GB/T 32918.5 and its keys as bytes. */
import { SigningError } from '../error.ts';

const hex = (text: string) => BigInt(`0x${text}`);

export const SM2_CURVE = {
  p: hex('fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff'),
  a: hex('fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc'),
  b: hex('28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93'),
  n: hex('fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
  h: 1n,
  Gx: hex('32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7'),
  Gy: hex('bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'),
} as const;

/** SubjectPublicKeyInfo of an SM2 key up to its 65-byte point. */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex');

/** 32 bytes, big-endian. */
export function toField(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

/** A whole number from big-endian bytes. */
export function fromField(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function isOnCurve(point: Uint8Array): boolean {
  const { p, a, b } = SM2_CURVE;
  const x = fromField(point.subarray(1, 33));
  const y = fromField(point.subarray(33));
  return x < p && y < p && (y * y - (x * x * x + a * x + b)) % p === 0n;
}

/** The 65-byte point (04‖x‖y) of an SM2 SubjectPublicKeyInfo or of a bare point, checked to lie on the curve.
 *  @throws KEY_UNUSABLE for any other bytes. */
export function toSm2Point(publicKey: Uint8Array): Uint8Array {
  const head = publicKey.length - 65;
  const fits = head === 0 || (head === SPKI_HEAD.length && SPKI_HEAD.equals(publicKey.subarray(0, head)));
  const point = publicKey.subarray(Math.max(head, 0));
  if (!fits || point[0] !== 4 || !isOnCurve(point)) throw new SigningError('KEY_UNUSABLE', 'not an SM2 public key');
  return point;
}

/** SubjectPublicKeyInfo, DER, of a 65-byte point. */
export function toSm2Spki(point: Uint8Array): Uint8Array {
  return Buffer.concat([SPKI_HEAD, point]);
}
