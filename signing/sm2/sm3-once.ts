/** SM3 of parts that return in one file after another, such as a seal or the picture of a face: found again by their SHA-256,
 *  which processors do in hardware, several times as fast. */
import { createHash } from 'node:crypto';
import { BoundedCache } from '../bounded-cache.ts';
import { sm3 } from './sm3.ts';

const known = new BoundedCache<Uint8Array>(512);

/** SM3, 32 bytes; not to be changed. */
export function sm3Once(bytes: Uint8Array): Uint8Array {
  return known.get(createHash('sha256').update(bytes).digest('base64'), () => sm3(bytes));
}
