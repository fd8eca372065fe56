/** Read the revocation lists of a file: PEM (`X509 CRL` or `CRL`), or one in DER. */
import { readFileSync } from 'node:fs';

const PEM = /-----BEGIN (?:X509 )?CRL-----([A-Za-z0-9+/=\s]+)-----END (?:X509 )?CRL-----/g;

export function readCrlFile(file: string): Uint8Array[] {
  const bytes = readFileSync(file);
  const text = bytes.toString('latin1');
  if (!text.includes('-----BEGIN')) return [new Uint8Array(bytes)];
  return [...text.matchAll(PEM)].map(([, base64 = '']) => new Uint8Array(Buffer.from(base64, 'base64')));
}
