/** The provincial library's public key, with which its receipts are verified. */
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SubjectPublicKeyInfo, DER, from a PEM file. Throws when the file is none. */
export function readProvinceKey(file: string): Uint8Array {
  return new Uint8Array(createPublicKey(readFileSync(file)).export({ format: 'der', type: 'spki' }));
}
