/** Read every certificate of a folder: PEM files may hold several, others are DER. */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../../models/kernel/fault.ts';
import { escapeName } from '../../models/kernel/plain-text.ts';
import { fromPemOrDer, parseCertificate } from '../../signing/index.ts';

/** Throws `SETTINGS_INVALID` naming every file that is no certificate: trust that silently lacks an anchor misleads. */
export function readCertificates(folder: string): Uint8Array[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const faulty: string[] = [];
  const certificates = entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    try {
      return leadsToFile(entry, file) ? readCertificateFile(file) : [];
    } catch {
      faulty.push(escapeName(entry.name));
      return [];
    }
  });
  if (faulty.length > 0) throw new Fault('SETTINGS_INVALID', { detail: `not a certificate: ${faulty.join(', ')}` });
  return certificates;
}

/** A link is what it leads to; one that leads nowhere throws. */
function leadsToFile(entry: Dirent, file: string): boolean {
  return entry.isSymbolicLink() ? statSync(file).isFile() : entry.isFile();
}

/** DER of each certificate in a file. */
function readCertificateFile(file: string): Uint8Array[] {
  const certificates = fromPemOrDer(new Uint8Array(readFileSync(file)), 'CERTIFICATE');
  for (const der of certificates) parseCertificate(der);
  return certificates;
}
