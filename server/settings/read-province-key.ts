/** The provincial library's public key, with which its receipts are verified. */
import { readFileSync } from 'node:fs';

/** SubjectPublicKeyInfo, DER, from a PEM file. */
export function readProvinceKey(file: string): Uint8Array {
  const base64 = readFileSync(file, 'utf8').replaceAll(/-----[^-]+-----|\s/g, '');
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
