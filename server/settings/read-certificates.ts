/** Read every certificate of a folder: PEM files may hold several, others are DER. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

export function readCertificates(folder: string): Uint8Array[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => readCertificateFile(path.join(folder, entry.name)));
}

/** DER of each certificate in a file. */
export function readCertificateFile(file: string): Uint8Array[] {
  const bytes = readFileSync(file);
  const text = bytes.toString('latin1');
  if (!text.includes('-----BEGIN')) return [new Uint8Array(bytes)];
  return [...text.matchAll(PEM)].map(([, base64 = '']) => new Uint8Array(Buffer.from(base64, 'base64')));
}
