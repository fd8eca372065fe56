/** The one secret from which the others are derived. In demo it is made once and kept beside the data. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from './settings.ts';

const OWNER_ONLY = 0o600;

const fileOf = ({ dataDir }: Settings): string => path.join(dataDir, 'master.key');

/** Whether it is there already, so that opening it makes none. */
export function hasMasterKey(settings: Settings): boolean {
  return settings.masterKey !== undefined || existsSync(fileOf(settings));
}

export function openMasterKey(settings: Settings): Uint8Array {
  if (settings.masterKey) return new Uint8Array(Buffer.from(settings.masterKey, 'base64'));
  const file = fileOf(settings);
  mkdirSync(settings.dataDir, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: OWNER_ONLY, flag: 'wx' });
  return new Uint8Array(Buffer.from(readFileSync(file, 'utf8'), 'base64'));
}
