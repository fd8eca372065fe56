/** The little city that is killed over and over: one issuer with its people, seal, entry and signed rule, one front-end
 *  machine, and the provincial library as a neighbour that stays up. All in files under one folder. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { saveUser } from '../../models/account/index.ts';
import { silentLog } from '../../models/kernel/log.ts';
import { openHouse } from '../../server/open-house.ts';
import { readSettings } from '../../server/settings/settings.ts';
import { openDepartment, registerMachine, saveRule } from '../exchange/department.ts';
import { freePort } from '../world/free-port.ts';
import { furnish, ISSUER } from '../world/sample-entry.ts';
import { callerWith } from '../world/test-house.ts';
import { type Environment, end, firstLine, runProgram, startProgram, untilReady } from './server-process.ts';

export interface KillWorld {
  readonly base: string;
  readonly env: Environment;
  readonly folder: string;
  readonly cityFile: string;
  readonly blobFolder: string;
  readonly provinceFile: string;
  readonly frontEndFile: string;
  readonly logFile: string;
  /** Of every account. */
  readonly password: string;
  /** `more` is added to its environment. */
  startServer(more?: Environment): Promise<ChildProcess>;
  stopProvince(): Promise<void>;
}

export interface KillWorldOptions {
  /** Default: every second. */
  readonly exchangeCron?: string;
  /** Default: one signature, RSA. */
  readonly pdfSignatures?: 'rsa' | 'rsa+sm2';
}

export const MACHINE = 'qzj';
export const PEOPLE = ['clerk', 'reviewer', 'seal-keeper'] as const;
const EVERY_SECOND = '* * * * * *';

export async function makeKillWorld(folder: string, options: KillWorldOptions = {}): Promise<KillWorld> {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const state = join(folder, 'city');
  const logFile = join(folder, 'server.log');
  const frontEndFile = join(folder, 'front-end.db');
  const password = 'Killed-again-and-again-7';
  const env: Environment = {
    ZHENGKU_MODE: 'demo',
    ZHENGKU_DATA_DIR: state,
    ZHENGKU_PORT: String(port),
    ZHENGKU_PUBLIC_URL: base,
    ZHENGKU_EXCHANGE_CRON: options.exchangeCron ?? EVERY_SECOND,
    ZHENGKU_PDF_SIGNATURES: options.pdfSignatures ?? 'rsa',
    ZHENGKU_RATE_PER_MINUTE: '1000000',
    ZHENGKU_LOG_LEVEL: 'warn',
  };
  await furnishCity(env, frontEndFile, password);
  const trust = join(folder, 'trust');
  await runProgram(['trust', 'export', '--to', trust, '--repository', folder], env, logFile);
  const certificate = join(folder, 'repository-sm2.pem');
  const data = join(folder, 'province');
  const argv = [
    'sandbox',
    'province',
    '--port',
    '0',
    '--data',
    data,
    '--trust',
    trust,
    '--city-certificate',
    certificate,
  ];
  const province = startProgram(argv, env, logFile);
  const { url, keyFile } = JSON.parse(await firstLine(province)) as { url: string; keyFile: string };
  const connected: Environment = { ...env, ZHENGKU_PROVINCE_URL: url, ZHENGKU_PROVINCE_KEY: keyFile };
  return {
    ...{ base, env: connected, folder, frontEndFile, logFile, password },
    cityFile: join(state, 'zhengku.db'),
    blobFolder: join(state, 'blobs'),
    provinceFile: join(data, 'province.db'),
    async startServer(more = {}) {
      const server = startProgram(['serve'], { ...connected, ...more }, logFile);
      await untilReady(server, base);
      return server;
    },
    stopProvince: () => end(province, 'SIGTERM'),
  };
}

/** Done before anything is killed, without a server. */
async function furnishCity(env: Environment, frontEndFile: string, password: string): Promise<void> {
  const { house, close } = await openHouse(readSettings({ ...env, ZHENGKU_SEALING_THREADS: '1' }), silentLog);
  try {
    await furnish(house);
    const security = callerWith(['admin.security']);
    for (const person of PEOPLE) {
      const user = {
        loginName: person,
        displayName: person,
        password,
        roles: [`issuer.${person}` as const],
        organisationCode: ISSUER,
      };
      await saveUser(house, security, user);
    }
    await saveRule(house);
    const { connection } = await openDepartment(`sqlite:${frontEndFile}`);
    await connection.close();
    await registerMachine(house, MACHINE, ISSUER, `sqlite:${frontEndFile}`);
  } finally {
    await close();
  }
}
