/** A small city on real engines, everything in processes of its own that can be killed: two MariaDB servers with durable
 *  settings (the city's, and that of three departments), Redis, the provincial library, and the repository's workers. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { silentLog } from '../../../models/kernel/log.ts';
import { openHouse } from '../../../server/open-house.ts';
import { readSettings } from '../../../server/settings/settings.ts';
import { openDepartment, registerMachine, saveRule } from '../../exchange/department.ts';
import { freePort } from '../../world/free-port.ts';
import { findProgram } from '../../world/programs.ts';
import { furnish, ISSUER } from '../../world/sample-entry.ts';
import { type Environment, runProgram } from '../server-process.ts';
import { Revivable } from './revivable.ts';

export interface ExchangeWorld {
  readonly cityUrl: string;
  readonly machines: readonly { readonly name: string; readonly url: string }[];
  readonly blobFolder: string;
  readonly provinceFile: string;
  readonly logFile: string;
  readonly cityDatabase: Revivable;
  readonly departmentDatabase: Revivable;
  readonly redis: Revivable;
  readonly province: Revivable;
  readonly workers: readonly Revivable[];
  /** All clocks but the databases' are ahead by so much. */
  setClockAhead(ms: number): void;
}

export const MACHINES = ['qzj-1', 'qzj-2', 'qzj-3'] as const;

const PROGRAM = fileURLToPath(new URL('../../../bin/zhengku.mjs', import.meta.url));
const PRELOAD = `--import ${new URL('./move-clock.mjs', import.meta.url).href}`;
const UP = /^\{.*\}\s*$/;

/** Everything is up when it is given, but for the workers. */
export async function makeExchangeWorld(folder: string, workers: number): Promise<ExchangeWorld> {
  const logFile = join(folder, 'all.log');
  const clockFile = join(folder, 'clock');
  writeFileSync(clockFile, '0');
  const city = await makeMariaDb(join(folder, 'city-db'), 'city-database', ['city'], logFile);
  const departments = await makeMariaDb(join(folder, 'dep-db'), 'department-database', ['d1', 'd2', 'd3'], logFile);
  const redis = await makeRedis(folder, logFile);
  const env: Environment = {
    ZHENGKU_MODE: 'demo',
    ZHENGKU_DATA_DIR: join(folder, 'city'),
    ZHENGKU_DATABASE_URL: `${city.url}/city`,
    ZHENGKU_REDIS_URL: redis.url,
    ZHENGKU_PUBLIC_URL: 'http://127.0.0.1:8460',
    ZHENGKU_EXCHANGE_CRON: '* * * * * *',
    ZHENGKU_LOG_LEVEL: 'warn',
    CLOCK_FILE: clockFile,
    NODE_OPTIONS: PRELOAD,
  };
  const machines = MACHINES.map((name, index) => ({ name, url: `${departments.url}/d${index + 1}` }));
  await furnishCity(env, machines);
  const province = await makeProvince(folder, env, logFile);
  const connected = { ...env, ZHENGKU_PROVINCE_URL: province.url, ZHENGKU_PROVINCE_KEY: province.keyFile };
  return {
    cityUrl: `${city.url}/city`,
    machines,
    blobFolder: join(folder, 'city', 'blobs'),
    provinceFile: join(folder, 'province', 'province.db'),
    logFile,
    ...{ cityDatabase: city.server, departmentDatabase: departments.server, redis: redis.server },
    province: province.server,
    workers: Array.from({ length: workers }, (_, index) =>
      node(`worker ${index + 1}`, ['serve', '--worker'], connected, logFile),
    ),
    setClockAhead: (ms) => writeFileSync(clockFile, String(ms)),
  };
}

function node(name: string, argv: readonly string[], env: Environment, logFile: string): Revivable {
  return new Revivable({
    ...{ name, command: process.execPath, args: [PROGRAM, ...argv], ready: UP, logFile },
    env: { ...process.env, ...env },
  });
}

function program(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not on PATH`);
  return path;
}

/** Every commit is on the disk before it is answered. */
async function makeMariaDb(folder: string, name: string, databases: readonly string[], logFile: string) {
  mkdirSync(folder);
  const data = join(folder, 'data');
  const socketPath = join(folder, 'm.sock');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const small = ['--innodb-log-file-size=16M', '--innodb-data-file-path=ibdata1:8M:autoextend'];
  const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
  await promisify(execFile)(program('mariadb-install-db'), [...install, ...small, ...asRoot]);
  const port = await freePort();
  const server = new Revivable({
    name,
    command: program('mariadbd'),
    args: [
      ...['--no-defaults', `--datadir=${data}`, `--socket=${socketPath}`, `--pid-file=${join(folder, 'm.pid')}`],
      ...['--bind-address=127.0.0.1', `--port=${port}`, '--skip-name-resolve', '--skip-log-bin'],
      ...['--character-set-server=utf8mb4', '--collation-server=utf8mb4_bin', '--performance-schema=OFF'],
      ...['--innodb-buffer-pool-size=64M', '--innodb-flush-log-at-trx-commit=1', ...small, ...asRoot],
    ],
    ready: /ready for connections/,
    logFile,
  });
  await server.start();
  const root = await mysql.createConnection({ socketPath, user: 'root' });
  await root.query("CREATE USER app@127.0.0.1 IDENTIFIED BY 'x'");
  await root.query('GRANT ALL ON *.* TO app@127.0.0.1');
  for (const database of databases)
    await root.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await root.end();
  return { server, url: `mysql://app:x@127.0.0.1:${port}` };
}

/** Without persistence: what it forgets, the tables know. */
async function makeRedis(folder: string, logFile: string) {
  const port = await freePort();
  const server = new Revivable({
    name: 'redis',
    command: program('redis-server'),
    args: [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder],
      ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
    ],
    ready: /ready to accept connections/i,
    logFile,
  });
  await server.start();
  return { server, url: `redis://127.0.0.1:${port}` };
}

/** Done before anything is killed, without a server. */
async function furnishCity(env: Environment, machines: ExchangeWorld['machines']): Promise<void> {
  const { house, close } = await openHouse(readSettings({ ...env, ZHENGKU_SEALING_THREADS: '1' }), silentLog);
  try {
    await furnish(house);
    await saveRule(house);
    for (const { name, url } of machines) {
      const { connection } = await openDepartment(url);
      await connection.close();
      await registerMachine(house, name, ISSUER, url);
    }
  } finally {
    await close();
  }
}

async function makeProvince(folder: string, env: Environment, logFile: string) {
  const trust = join(folder, 'trust');
  await runProgram(['trust', 'export', '--to', trust, '--repository', folder], env, logFile);
  const certificate = join(folder, 'repository-sm2.pem');
  const place = ['--port', String(await freePort()), '--data', join(folder, 'province')];
  const argv = ['sandbox', 'province', ...place, '--trust', trust, '--city-certificate', certificate];
  const server = node('province', argv, env, logFile);
  const { url, keyFile } = JSON.parse(await server.start()) as { url: string; keyFile: string };
  return { server, url, keyFile };
}
