/** The library's own SM2 key, made at its first start and kept beside its data. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateSoftwareKey, type SigningKey, softwareKeyFromPkcs8 } from '../../../signing/index.ts';

const OWNER_ONLY = 0o600;

export function openOwnKey(file: string): SigningKey {
  if (!existsSync(file)) writeFileSync(file, generateSoftwareKey('SM2'), { mode: OWNER_ONLY, flag: 'wx' });
  return softwareKeyFromPkcs8(new Uint8Array(readFileSync(file)));
}
