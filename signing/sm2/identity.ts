import { SigningError } from '../error.ts';
import { SM2_CURVE, toField } from './curve.ts';
import { sm3 } from './sm3.ts';

/** The identity that GM/T 0009 gives to signers who have agreed on none. */
export const DEFAULT_ID = '1234567812345678';

const { a, b, Gx, Gy } = SM2_CURVE;
const CURVE_BYTES = Buffer.concat([a, b, Gx, Gy].map(toField));

/** Z_A = SM3(ENTL‖ID‖a‖b‖Gx‖Gy‖xA‖yA), GB/T 32918.2 §5.5. `point` is 65 bytes. */
export function identityDigest(point: Uint8Array, id: string = DEFAULT_ID): Uint8Array {
  const idBytes = Buffer.from(id, 'utf8');
  if (idBytes.length > 8191) throw new SigningError('MALFORMED', 'SM2 identity longer than 65,535 bits');
  const bits = idBytes.length * 8;
  return sm3(Uint8Array.of(bits >> 8, bits & 0xff), idBytes, CURVE_BYTES, point.subarray(1));
}
