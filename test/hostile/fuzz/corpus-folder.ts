/** The kept inputs: corpus/<reader>/ holds seeds, what reached new code, and every finding; corpus/trust/ the certificates
 *  that the genuine ones are judged by. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

export const CORPUS = new URL('corpus/', import.meta.url);

export interface Kept {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function corpusOf(reader: string): Kept[] {
  const folder = new URL(`${reader}/`, CORPUS);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, folder))) }));
}

/** Keep an input under a name made of its digest. Gives the path. */
export function keep(reader: string, kind: 'finding' | 'reached' | 'seed', bytes: Uint8Array, label = ''): string {
  const folder = new URL(`${reader}/`, CORPUS);
  mkdirSync(folder, { recursive: true });
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const file = new URL(`${kind}-${label || digest}`, folder);
  writeFileSync(file, bytes);
  return file.pathname;
}
