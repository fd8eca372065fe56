/** Read the revocation lists of a file: PEM (`X509 CRL` or `CRL`), or one in DER. */
import { readFileSync } from 'node:fs';
import { Fault } from '../../models/kernel/fault.ts';
import { fromPemOrDer, parseCrl } from '../../signing/index.ts';

/** DER of each list. Throws `SETTINGS_INVALID` when the file is none. */
export function readCrlFile(file: string): Uint8Array[] {
  const bytes = readFileSync(file);
  try {
    const lists = fromPemOrDer(new Uint8Array(bytes), 'X509 CRL', 'CRL');
    for (const der of lists) parseCrl(der);
    return lists;
  } catch (cause) {
    throw new Fault('SETTINGS_INVALID', { detail: 'not a certificate revocation list', cause });
  }
}
