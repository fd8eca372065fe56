/** A city as it runs: a durable MariaDB with the databases of a department and of the city, the reference province as a process
 *  of its own, stored licences on both sides, and a worker. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { openFrontEnd } from '../../exchange/front-end/connection.ts';
import { initTables } from '../../exchange/front-end/zhengku/init-tables.ts';
import type { CatalogueDefinition } from '../../models/catalogue/index.ts';
import { saveEntry } from '../../models/catalogue/index.ts';
import { saveFrontEnd } from '../../models/exchange-state/index.ts';
import { silentLog } from '../../models/kernel/log.ts';
import { saveOrganisation } from '../../models/organisation/index.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import { type OpenHouse, openHouse } from '../../server/open-house.ts';
import { readSettings } from '../../server/settings/settings.ts';
import { toPem } from '../../signing/index.ts';
import { giveSeal } from '../world/give-seal.ts';
import { type MariaDb, startMariaDb } from '../world/mariadb.ts';
import { bureauOfficer, clerk, ENTRY, ISSUER, systemAdmin } from '../world/sample-entry.ts';
import { startProcess } from '../world/start-process.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { buildWorker } from './build-worker.ts';
import { generateLicences, type LicenceSource, loadCity } from './load-licences.ts';
import { openProvinceLoader } from './load-province.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

export const FRONT_END = 'bench';
const SEED = 1;
/** What a small server would give its database. */
const BUFFER_MB = 1024;

/** The department seals itself; a telephone number and a note stand beside the face. */
export const BENCH_ENTRY: CatalogueDefinition = {
  ...ENTRY,
  delegation: false,
  fields: [
    ...ENTRY.fields,
    { key: 'contactPhone', name: '联系电话', type: 'text', required: false, maxLength: 20 },
    { key: 'note', name: '备注', type: 'text', required: false, maxLength: 200 },
  ],
};

export interface ExchangeWorld {
  readonly open: OpenHouse;
  readonly cityUrl: string;
  readonly departmentUrl: string;
  readonly department: mysql.Connection;
  readonly city: mysql.Connection;
  readonly env: NodeJS.ProcessEnv;
  readonly source: LicenceSource;
  readonly stored: number;
  /** Process ids that work for the bench beside the worker. */
  readonly helpers: readonly number[];
  startWorker(): Promise<WorkerProcess>;
  close(): Promise<void>;
}

export async function openExchangeWorld(stored: number, say: (line: string) => void): Promise<ExchangeWorld> {
  const folder = temporaryFolder();
  const server = await startMariaDb({ durable: true, bufferMb: BUFFER_MB });
  const closing: (() => Promise<void>)[] = [async () => folder.remove(), () => server.stop()];
  const close = async () => {
    for (const step of closing.reverse()) await step();
  };
  try {
    const [city, department] = [await server.createDatabase(), await server.createDatabase()];
    const data = join(folder.path, 'data');
    const env = { ZHENGKU_DATA_DIR: data, ZHENGKU_MODE: 'demo', ZHENGKU_DATABASE_URL: city.url };
    const open = await openHouse(readSettings(env), silentLog);
    closing.push(() => open.close());
    await furnish(open, department.url);
    const there = join(folder.path, 'province');
    const source = await load(open, city.url, there, stored, say);
    const province = await startReferenceProvince(open, folder.path, there);
    closing.push(() => province.stop());
    const connections = [await connect(city.url), await connect(department.url)] as const;
    closing.push(async () => {
      for (const connection of connections) await connection.end();
    });
    const connected = { ...env, ZHENGKU_PROVINCE_URL: province.url, ZHENGKU_PROVINCE_KEY: province.keyFile };
    return {
      ...{ open, cityUrl: city.url, departmentUrl: department.url, city: connections[0], department: connections[1] },
      ...{ env: connected, source, stored, helpers: [server.pid, province.pid], close },
      startWorker: async () => startWorker(await buildWorker(mkdtempSync(join(folder.path, 'worker-'))), connected),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const connect = (uri: string) => mysql.createConnection({ uri, charset: 'utf8mb4', timezone: 'Z' });

async function furnish({ house }: OpenHouse, departmentUrl: string): Promise<void> {
  await saveOrganisation(house, systemAdmin, {
    ...{ code: ISSUER, name: '样例市城乡建设局', level: 'city', isIssuer: true, isConsumer: false },
    ...{ responsibleBody: '办公室', persons: [{ name: '王一', duty: '经办' }] },
  });
  await giveSeal(house, ISSUER, ENTRY.seal.name);
  await saveEntry(house, clerk, BENCH_ENTRY);
  const connection = openFrontEnd(departmentUrl);
  await initTables(connection);
  await connection.close();
  const machine = { name: FRONT_END, organisationCode: ISSUER, url: departmentUrl, state: 'active' as const };
  await saveFrontEnd(house, bureauOfficer, machine);
}

async function load(
  { house }: OpenHouse,
  databaseUrl: string,
  there: string,
  count: number,
  say: (line: string) => void,
): Promise<LicenceSource> {
  mkdirSync(there, { recursive: true });
  const kinds = [{ catalogueCode: BENCH_ENTRY.code, catalogueVersion: 1, issuingBody: ISSUER }];
  const options = { house, databaseUrl, count, seed: SEED, kinds, frontEnd: FRONT_END, say };
  const province = openProvinceLoader(join(there, 'province.db'));
  await loadCity(options, province.add);
  province.end();
  return generateLicences(options);
}

async function startReferenceProvince({ house }: OpenHouse, folder: string, data: string) {
  const { certificates } = await openHouseKey(house, 'repository', 'SM2');
  const [cityFile, trust] = [join(folder, 'city.pem'), join(folder, 'trust')];
  writeFileSync(cityFile, toPem('CERTIFICATE', certificates[0] ?? new Uint8Array()));
  mkdirSync(trust);
  for (const [index, der] of (await loadTrust(house)).entries())
    writeFileSync(join(trust, `${index}.pem`), toPem('CERTIFICATE', der));
  const port = await import('../world/free-port.ts').then(({ freePort }) => freePort());
  const argv = ['bin/zhengku.mjs', 'sandbox', 'province', '--port', String(port), '--data', data];
  const env = { ...process.env, ZHENGKU_FROM_SOURCE: '1' };
  const options = { ready: /"url"/, withinMs: 600_000, env };
  const started = await startProcess(
    process.execPath,
    [...argv, '--city-certificate', cityFile, '--trust', trust],
    options,
  );
  return { ...started, url: `http://127.0.0.1:${port}`, keyFile: join(data, 'province-key.pem') };
}

export type { MariaDb };
