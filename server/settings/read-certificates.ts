/** Read every certificate of a folder: PEM files may hold several, others are DER. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../../models/kernel/fault.ts';
import { fromPemOrDer, parseCertificate } from '../../signing/index.ts';

/** Throws `SETTINGS_INVALID` naming every file that is no certificate: trust that silently lacks an anchor misleads. */
export function readCertificates(folder: string): Uint8Array[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const faulty: string[] = [];
  const certificates = files.flatMap(({ name }) => {
    try {
      return readCertificateFile(path.join(folder, name));
    } catch {
      faulty.push(name);
      return [];
    }
  });
  if (faulty.length > 0) throw new Fault('SETTINGS_INVALID', { detail: `not a certificate: ${faulty.join(', ')}` });
  return certificates;
}

/** DER of each certificate in a file. */
function readCertificateFile(file: string): Uint8Array[] {
  const certificates = fromPemOrDer(new Uint8Array(readFileSync(file)), 'CERTIFICATE');
  for (const der of certificates) parseCertificate(der);
  return certificates;
}
