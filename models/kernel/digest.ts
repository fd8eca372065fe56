/** SM3 digests (GB/T 32905), 32 bytes. */
import { createHash, createHmac } from 'node:crypto';

export function sm3(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hash = createHash('sm3');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export function sm3Hex(...parts: readonly (Uint8Array | string)[]): string {
  return Buffer.from(sm3(...parts)).toString('hex');
}

export function hmacSm3(key: Uint8Array, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hmac = createHmac('sm3', key);
  for (const part of parts) hmac.update(part);
  return new Uint8Array(hmac.digest());
}
