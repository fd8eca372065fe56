/** The provincial library as the settings name it; over HTTP its receipts are verified with the public key in the file. */
import { readFileSync } from 'node:fs';
import type { Province } from '../../exchange/index.ts';
import type { Settings } from './settings.ts';

export function provinceOf({ province }: Settings): Province | undefined {
  if (!province) return undefined;
  const { url, keyFile } = province;
  return keyFile === undefined ? { url } : { url, publicKey: readPublicKey(keyFile) };
}

/** SubjectPublicKeyInfo, DER, from a PEM file. */
function readPublicKey(file: string): Uint8Array {
  const base64 = readFileSync(file, 'utf8').replaceAll(/-----[^-]+-----|\s/g, '');
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
