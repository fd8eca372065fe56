import { createHash } from 'node:crypto';

/** SM3 (GB/T 32905) of the parts one after another, 32 bytes. */
export function sm3(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sm3');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
