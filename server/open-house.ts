/** Build the house from its settings, in order; closing goes the same way backwards. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { seedCalendar } from '../models/calendar/index.ts';
import type { House } from '../models/house.ts';
import { makeFieldCipher } from '../models/kernel/field-cipher.ts';
import { makeNewId } from '../models/kernel/ids.ts';
import type { Log } from '../models/kernel/log.ts';
import { foundDevelopmentAuthority } from '../models/seal/index.ts';
import { makeSealingPool } from '../models/sealing/index.ts';
import {
  checkDurable,
  closeDatabase,
  makeFileBlobs,
  migrate,
  openDatabase,
  pendingMigrations,
} from '../models/store/index.ts';
import { makeVerificationPool } from '../models/verification/index.ts';
import { openFontBook, selfTestSm2 } from '../signing/index.ts';
import { keyPassphraseOf } from './settings/key-passphrase-of.ts';
import { keyServiceOf } from './settings/key-service-of.ts';
import { openMasterKey } from './settings/master-key.ts';
import { outsideOf } from './settings/outside-of.ts';
import { readCertificates } from './settings/read-certificates.ts';
import { readRules } from './settings/read-rules.ts';
import { registryOf } from './settings/registry-settings.ts';
import type { Settings } from './settings/settings.ts';

export interface OpenHouse {
  readonly house: House;
  readonly durability: string;
  close(): Promise<void>;
}

/** Throws when the database is not durable or the machine's SM2 is not SM2. Runs pending migrations. */
export async function openHouse(settings: Settings, log: Log): Promise<OpenHouse> {
  selfTestSm2();
  const clock = () => new Date();
  const random = (count: number) => new Uint8Array(randomBytes(count));
  const master = openMasterKey(settings);
  const db = openDatabase(settings.databaseUrl);
  const durability = await checkDurable(db);
  if ((await pendingMigrations(db)).length > 0) {
    const ran = await migrate(db);
    log.info({ migrations: ran }, 'database brought forward');
  }
  const threads = settings.sealingThreads ?? Math.max(1, availableParallelism() - 1);
  const { fontDir, extraFontDirs } = settings;
  const outside = outsideOf(
    settings,
    keyServiceOf(settings, () => house),
    { clock, random },
  );
  const house: House = {
    db,
    blobs: makeFileBlobs(settings.blobDir),
    clock,
    newId: makeNewId(clock, random),
    random,
    cipher: makeFieldCipher(master, random),
    fonts: openFontBook(fontDir, { extraDirs: extraFontDirs }),
    sealer: makeSealingPool({ fontDir, extraFontDirs, threads, outside }),
    verifier: makeVerificationPool({ threads }),
    verificationRules: readRules(settings.verificationRules),
    trustCertificates: settings.trustDir ? readCertificates(settings.trustDir) : [],
    keyPassphrase: keyPassphraseOf(settings, master),
    ...(outside.signDigest ? { signDigest: outside.signDigest } : {}),
    ...(outside.stamp.sm3 ? { stampSm3: outside.stamp.sm3 } : {}),
    ...registryOf(settings, { clock, random }),
    pdfSignatures: settings.pdfSignatures,
    publicUrl: settings.publicUrl,
    mode: settings.mode,
    frontEndDir: settings.frontEndDir,
    leastBatchRows: settings.leastBatchRows,
    correctionDays: settings.correctionDays,
    webhookInsideHosts: settings.webhookInsideHosts,
    log,
  };
  await seedCalendar(house);
  if (settings.mode === 'demo') await foundDevelopmentAuthority(house);
  return {
    house,
    durability,
    async close() {
      await house.sealer.close();
      await house.verifier.close();
      await closeDatabase(db);
    },
  };
}
