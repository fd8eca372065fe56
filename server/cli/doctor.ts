/** `zhengku doctor`: look whether everything needed is there, and say what to do about what is not. Changes nothing. */
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkDurable, closeDatabase, openDatabase, pendingMigrations } from '../../models/store/index.ts';
import { openFontBook, selfTestSm2 } from '../../signing/index.ts';
import { readSettings, type Settings } from '../settings/settings.ts';

type Finding = readonly [what: string, look: (settings: Settings) => Promise<string> | string];

const FINDINGS: readonly Finding[] = [
  ['Node.js', () => process.version],
  ['SM2 self test', () => `the published vector holds (${selfTestSm2()})`],
  ['fonts', lookAtFonts],
  ['data folder', ({ dataDir }) => writable(dataDir)],
  ['database', lookAtDatabase],
];

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(
      'zhengku doctor\n\nLooks at settings, fonts, SM2, data folder and database. Exit status 1 when something is wrong.\n',
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
      process.stdout.write(`✘ ${what}: ${(error as Error).message}\n`);
    }
  }
  return wrong === 0 ? 0 : 1;
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

async function lookAtDatabase({ databaseUrl }: Settings): Promise<string> {
  const db = openDatabase(databaseUrl);
  try {
    const durable = await checkDurable(db);
    const pending = await pendingMigrations(db);
    return pending.length > 0 ? `${durable}; migrations to run: ${pending.join(', ')}` : `${durable}; up to date`;
  } finally {
    await closeDatabase(db);
  }
}
