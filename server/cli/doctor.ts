/** `zhengku doctor`: look whether everything needed is there, and say what to do about what is not. Changes nothing. A house
 *  that cannot issue yet is not sick: what it lacks is told line by line and leaves the exit status as it is. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { RedisQueue } from '../../jobs/index.ts';
import type { House } from '../../models/house.ts';
import { describeFault, Fault } from '../../models/kernel/fault.ts';
import { silentLog } from '../../models/kernel/log.ts';
import { findLacking, openRepositoryKeys } from '../../models/seal/index.ts';
import { checkDurable, closeDatabase, openDatabase, pendingMigrations } from '../../models/store/index.ts';
import { isSelfSigned, openFontBook, parseCertificate, selfTestSm2 } from '../../signing/index.ts';
import { keyPassphraseOf } from '../settings/key-passphrase-of.ts';
import { hasMasterKey, openMasterKey } from '../settings/master-key.ts';
import { readCertificates } from '../settings/read-certificates.ts';
import { readSettings, type Settings } from '../settings/settings.ts';

type Database = House['db'];
type Finding = readonly [what: string, look: (settings: Settings) => Promise<string> | string];

const FINDINGS: readonly Finding[] = [
  ['Node.js', () => process.version],
  ['SM2 self test', () => `the published vector holds (${selfTestSm2()})`],
  ['fonts', lookAtFonts],
  ['data folder', ({ dataDir }) => writable(dataDir)],
  ['database', (settings) => withDatabase(settings, lookAtDatabase)],
  ['queue', lookAtQueue],
  ['repository keys', (settings) => withDatabase(settings, (db) => lookAtKeys(settings, db))],
];

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(
      'zhengku doctor\n\nLooks at settings, fonts, SM2, data folder, database, and whether the repository’s keys open. Exit status 1 when\nsomething is wrong. Says, for a production house, what it still lacks to issue (–).\n',
    );
    return 0;
  }
  const settings = readSettings(process.env);
  let wrong = 0;
  for (const [what, look] of FINDINGS) {
    try {
      process.stdout.write(`✔ ${what}: ${await look(settings)}\n`);
    } catch (error) {
      wrong += 1;
      process.stdout.write(`✘ ${what}: ${sayWhy(error)}\n`);
    }
  }
  if (wrong === 0 && settings.mode === 'production')
    for (const line of await withDatabase(settings, (db) => listLacking(settings, db)))
      process.stdout.write(`– ${line}\n`);
  return wrong === 0 ? 0 : 1;
}

function sayWhy(error: unknown): string {
  return error instanceof Fault ? `${error.code}: ${describeFault(error).en}` : (error as Error).message;
}

function lookAtFonts({ fontDir, extraFontDirs }: Settings): string {
  openFontBook(fontDir, { extraDirs: extraFontDirs });
  return fontDir;
}

function writable(folder: string): string {
  const nearest = existsSync(folder) ? folder : path.dirname(folder);
  accessSync(nearest, constants.W_OK);
  return folder;
}

async function withDatabase<T>({ databaseUrl }: Settings, look: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(databaseUrl);
  try {
    return await look(db);
  } finally {
    await closeDatabase(db);
  }
}

async function lookAtQueue({ redisUrl }: Settings): Promise<string> {
  if (!redisUrl) return 'a table of the database';
  const random = (count: number) => new Uint8Array(randomBytes(count));
  const queue = new RedisQueue(redisUrl, { clock: () => new Date(), random, log: silentLog });
  try {
    const lines = await queue.stats();
    return `Redis answers; ${lines.reduce((sum, { waiting }) => sum + waiting, 0)} jobs wait`;
  } finally {
    await queue.close();
  }
}

async function lookAtDatabase(db: Database): Promise<string> {
  const durable = await checkDurable(db);
  const pending = await pendingMigrations(db);
  return pending.length > 0 ? `${durable}; migrations to run: ${pending.join(', ')}` : `${durable}; up to date`;
}

const clock = () => new Date();

async function lookAtKeys(settings: Settings, db: Database): Promise<string> {
  if ((await pendingMigrations(db)).length > 0) return 'not looked at before the migrations have run';
  if (!hasMasterKey(settings)) return 'none; the master key is made at the first start';
  const passphrase = keyPassphraseOf(settings, openMasterKey(settings));
  const count = await openRepositoryKeys({ db, mode: settings.mode, clock }, passphrase);
  return count === 0 ? 'none lies here' : `all ${count} that lie here open`;
}

async function listLacking({ mode, trustDir, timeStampUrls }: Settings, db: Database): Promise<string[]> {
  if ((await pendingMigrations(db)).length > 0) return [];
  const { repositoryKeys, makers } = await findLacking({ db, mode, clock });
  const roots = (trustDir ? readCertificates(trustDir) : []).filter((der) => isSelfSigned(parseCertificate(der)));
  const lines = repositoryKeys.map(
    (algorithm) => `no ${algorithm} key of the repository: zhengku key import --body house`,
  );
  if (roots.length === 0) lines.push('no root certificate: put the roots into the folder of ZHENGKU_TRUST_DIR');
  if (makers) lines.push('no accepted maker of seals: POST /api/v1/seal-makers');
  for (const [kind, url] of Object.entries(timeStampUrls))
    if (!url)
      lines.push(
        `no time-stamp authority for ${kind.toUpperCase()}: ZHENGKU_TSA_${kind.toUpperCase()}_URL; no signature outlives its certificate`,
      );
  return lines;
}
