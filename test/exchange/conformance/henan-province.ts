/** Henan's front-end database with the reference of the province's task behind it. */
import { join } from 'node:path';
import { openFrontEnd } from '../../../exchange/front-end/connection.ts';
import { henanProfile } from '../../../exchange/henan/front-end/henan-profile.ts';
import { connectHenan } from '../../../exchange/henan/province/henan-connector.ts';
import { FILE_NUMBER_CONTEXT, findHenanSubjects } from '../../../models/exchange-state/index.ts';
import { loadTrust } from '../../../models/verification/trust.ts';
import { openHenanLibrary } from '../../../server/sandbox/henan/library.ts';
import { moveRows, type TaskFaults } from '../../../server/sandbox/henan/task.ts';
import type { OpenDatabase } from '../../world/each-database.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import type { TestHouse } from '../../world/test-house.ts';
import type { TestProvince } from './test-province.ts';

export interface HenanTestProvince extends TestProvince {
  readonly faults: TaskFaults;
  readonly connection: ReturnType<typeof openFrontEnd>;
  readonly library: ReturnType<typeof openHenanLibrary>;
  keyOf(subject: string): Promise<string>;
}

export async function openHenanProvince(house: TestHouse, openDatabase: OpenDatabase): Promise<HenanTestProvince> {
  const folder = temporaryFolder();
  const url = await openDatabase();
  const connection = openFrontEnd(url, { create: true });
  await henanProfile.init(connection);
  const library = openHenanLibrary(join(folder.path, 'henan.db'));
  const faults: TaskFaults = {};
  const trust = await loadTrust(house);
  let away = false;
  const keyOf = async (subject: string) => {
    const row = (await findHenanSubjects(house, [subject])).get(subject);
    if (row?.fileNumberCipher) return house.cipher.decrypt(FILE_NUMBER_CONTEXT, row.fileNumberCipher);
    return subject.slice('catalogue:'.length);
  };
  return {
    name: 'henan',
    faults,
    connection,
    library,
    keyOf,
    connect: (from) => connectHenan(from, away ? 'sqlite:/nowhere/henan.db' : url),
    async work() {
      await moveRows({ connection, library, trust, clock: house.clock, faults });
    },
    async find(subject) {
      const table = subject.startsWith('licence:') ? 'hn_license_sync' : 'hn_catalog_sync';
      const held = library.find(table, await keyOf(subject));
      if (!held) return undefined;
      const { state } = JSON.parse(held.columns) as { state?: string };
      return { content: JSON.stringify(held), isValid: state === '11', hasFile: held.fileSha256 !== '' };
    },
    count: async () => library.list('hn_license_sync').length + library.list('hn_catalog_sync').length,
    refuse(reason) {
      if (reason === null) delete faults.refuse;
      else faults.refuse = ({ text }) => (text.license_file_number ? reason : undefined);
    },
    async goAway() {
      away = true;
    },
    async comeBack() {
      away = false;
    },
    async close() {
      library.close();
      await connection.close();
      folder.remove();
    },
  };
}
