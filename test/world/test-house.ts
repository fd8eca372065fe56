/** A house for tests: a real database, real files in a temporary folder, real keys and seals, and a clock that is moved. */
import { join } from 'node:path';
import type { Role } from '../../models/account/roles.ts';
import { seedCalendar } from '../../models/calendar/seed-calendar.ts';
import type { Caller, House } from '../../models/house.ts';
import { makeFieldCipher } from '../../models/kernel/field-cipher.ts';
import { silentLog } from '../../models/kernel/log.ts';
import { foundDevelopmentAuthority } from '../../models/seal/found-development-authority.ts';
import { makeCopy } from '../../models/sealing/make-copy.ts';
import { makeFiles } from '../../models/sealing/make-files.ts';
import { makePreview } from '../../models/sealing/make-preview.ts';
import { makePrint } from '../../models/sealing/make-print.ts';
import { makeFileBlobs } from '../../models/store/blobs/file-blobs.ts';
import { closeDatabase, openDatabase } from '../../models/store/database.ts';
import { migrate } from '../../models/store/migrate.ts';
import { makeVerifierHere } from '../../models/verification/verify-here.ts';
import { DEFAULT_RULES, openFontBook } from '../../signing/index.ts';
import { type CountingLuck, countingLuck } from './counting-luck.ts';
import { FixedClock } from './fixed-clock.ts';
import { copyTemplate } from './house-template.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

export interface TestHouse extends House {
  readonly time: FixedClock;
  close(): Promise<void>;
}

/** What is done in a fresh house before a test begins. A house that is made ready in the same way once
 *  more starts from a copy. It moves no clock and stores no files. */
export type Furnishing = (house: TestHouse) => Promise<void>;

/** @param databaseUrl an empty database, or one that a house left; default: a new SQLite file
 *  @param furnishing only with an empty one */
export async function openTestHouse(databaseUrl?: string, furnishing?: Furnishing): Promise<TestHouse> {
  const folder = temporaryFolder();
  const url = databaseUrl ?? `sqlite:${join(folder.path, 'test.db')}`;
  const time = new FixedClock();
  const luck = countingLuck(() => time.now());
  const drawn = await copyTemplate(url, furnishing, async (template) => {
    const first = new FixedClock();
    const firstLuck = countingLuck(() => first.now());
    const house = await furnishHouse(template, temporaryFolder(), first, firstLuck);
    await furnishing?.(house);
    await house.close();
    return firstLuck.drawn();
  });
  if (drawn) luck.goOnFrom(drawn);
  return furnishHouse(url, folder, time, luck);
}

/** Whatever is there already stays as it is. */
async function furnishHouse(
  url: string,
  folder: TemporaryFolder,
  time: FixedClock,
  { random, newId }: CountingLuck,
): Promise<TestHouse> {
  const clock = () => time.now();
  const db = openDatabase(url);
  await migrate(db);
  const fonts = openFontBook('assets/fonts');
  const house: TestHouse = {
    db,
    blobs: makeFileBlobs(join(folder.path, 'blobs')),
    clock,
    newId,
    random,
    cipher: makeFieldCipher(new Uint8Array(32).fill(7), random),
    fonts,
    sealer: {
      seal: (task) => makeFiles(task, fonts),
      copy: (task) => makeCopy(task, fonts),
      print: (task) => makePrint(task, fonts),
      preview: (task) => makePreview(task, fonts),
      close: () => Promise.resolve(),
    },
    verifier: makeVerifierHere(),
    verificationRules: DEFAULT_RULES,
    pdfSignatures: 'rsa',
    trustCertificates: [],
    keyPassphrase: 'a passphrase for tests',
    // keys are opened many hundred times; that a key at rest is slow to open is shown where keys are stored by themselves
    keyRounds: 1_000,
    publicUrl: 'https://zz.example',
    mode: 'demo',
    frontEndDir: folder.path,
    webhookInsideHosts: 'any',
    log: silentLog,
    time,
    async close() {
      await closeDatabase(db);
      folder.remove();
    },
  };
  await seedCalendar(house);
  await foundDevelopmentAuthority(house);
  return house;
}

/** Somebody with these roles, of this body. */
export function callerWith(
  roles: readonly Role[],
  organisationCode: string | null = null,
  id = roles.join('+'),
): Caller {
  return { type: 'person', id, name: id, organisationCode, roles, address: '127.0.0.1', requestId: 'test' };
}
