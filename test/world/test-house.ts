/** A house for tests: a real database, real files in a temporary folder, real keys and seals, and a clock that is moved. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Role } from '../../models/account/roles.ts';
import { seedCalendar } from '../../models/deadline/calendar.ts';
import type { Caller, House } from '../../models/house.ts';
import { makeFieldCipher } from '../../models/kernel/field-cipher.ts';
import { makeNewId } from '../../models/kernel/ids.ts';
import { silentLog } from '../../models/kernel/log.ts';
import { foundDevelopmentAuthority } from '../../models/seal/found-development-authority.ts';
import { makeCopy } from '../../models/sealing/make-copy.ts';
import { makeFiles } from '../../models/sealing/make-files.ts';
import { makePreview } from '../../models/sealing/make-preview.ts';
import { makeFileBlobs } from '../../models/store/blobs/file-blobs.ts';
import { closeDatabase, openDatabase } from '../../models/store/database.ts';
import { migrate } from '../../models/store/migrate.ts';
import { makeVerifierHere } from '../../models/verification/verify-here.ts';
import { DEFAULT_RULES, openFontBook } from '../../signing/index.ts';
import { FixedClock } from './fixed-clock.ts';
import { copyTemplate } from './house-template.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

export interface TestHouse extends House {
  readonly time: FixedClock;
  close(): Promise<void>;
}

/** Randomness that repeats: the same test makes the same ids. */
class CountingRandom {
  #drawn = 0;

  readonly draw: House['random'] = (length) => {
    const bytes: number[] = [];
    while (bytes.length < length) {
      this.#drawn += 1;
      bytes.push(...createHash('sha256').update(String(this.#drawn)).digest());
    }
    return new Uint8Array(bytes.slice(0, length));
  };

  get drawn(): number {
    return this.#drawn;
  }

  /** As if so much had been drawn already. */
  passOver(drawn: number): void {
    this.#drawn = drawn;
  }
}

/** @param databaseUrl an empty database, or one that a house left; default: a new SQLite file */
export async function openTestHouse(databaseUrl?: string): Promise<TestHouse> {
  const folder = temporaryFolder();
  const url = databaseUrl ?? `sqlite:${join(folder.path, 'test.db')}`;
  const random = new CountingRandom();
  const drawn = await copyTemplate(url, async (template) => {
    const first = await furnishHouse(template, temporaryFolder(), random);
    await first.close();
    return random.drawn;
  });
  random.passOver(drawn ?? 0);
  return furnishHouse(url, folder, random);
}

/** Whatever is there already stays as it is. */
async function furnishHouse(url: string, folder: TemporaryFolder, counting: CountingRandom): Promise<TestHouse> {
  const time = new FixedClock();
  const clock = () => time.now();
  const random = counting.draw;
  const db = openDatabase(url);
  await migrate(db);
  const fonts = openFontBook('assets/fonts');
  const house: TestHouse = {
    db,
    blobs: makeFileBlobs(join(folder.path, 'blobs')),
    clock,
    newId: makeNewId(clock, random),
    random,
    cipher: makeFieldCipher(new Uint8Array(32).fill(7), random),
    fonts,
    sealer: {
      seal: (task) => makeFiles(task, fonts),
      copy: (task) => makeCopy(task, fonts),
      preview: (task) => makePreview(task, fonts),
      close: () => Promise.resolve(),
    },
    verifier: makeVerifierHere(),
    verificationRules: DEFAULT_RULES,
    pdfSignatures: 'rsa',
    trustCertificates: [],
    keyPassphrase: 'a passphrase for tests',
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
