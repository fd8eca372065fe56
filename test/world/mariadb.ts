/** A private MariaDB that lives as long as the test needs it: own data folder, own port, nothing of the machine's. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.ts';
import { findProgram } from './programs.ts';
import { startProcess } from './start-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface MariaDbOptions {
  /** True: every commit is on disk before it is answered (fault tests, benches). Default false: fast, for plain tests. */
  readonly durable?: boolean;
  /** Of memory for its tables; default 64, enough for tests. A bench gives it what a small machine would. */
  readonly bufferMb?: number;
}

export interface TestDatabase {
  /** `mysql://user:password@127.0.0.1:port/name` */
  readonly url: string;
  drop(): Promise<void>;
}

export interface MariaDb {
  readonly pid: number;
  /** The server as root, without a database. */
  readonly url: string;
  createDatabase(): Promise<TestDatabase>;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** Start a server of one's own: under a second. Its log is only in memory, its data is gone after `stop`. */
export async function startMariaDb(options: MariaDbOptions = {}): Promise<MariaDb> {
  const folder = temporaryFolder();
  const data = join(folder.path, 'data');
  const socket = join(folder.path, 'm.sock');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const logMb = options.bufferMb ? Math.max(8, options.bufferMb / 4) : 8;
  // DDL waits for the disk whatever the log's setting; --debug-no-sync is how MariaDB's own tests go without.
  const fast = options.durable === true ? [] : ['--debug-no-sync', '--skip-innodb-doublewrite', '--skip-sync-frm'];
  const small = [`--innodb-log-file-size=${logMb}M`, '--innodb-data-file-path=ibdata1:8M:autoextend'];
  await run(program('mariadb-install-db'), [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--debug-no-sync',
    ...small,
    ...asRoot,
  ]);
  const port = await freePort();
  const server = await startProcess(
    program('mariadbd'),
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder.path, 'm.pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_bin',
      `--innodb-buffer-pool-size=${options.bufferMb ?? 64}M`,
      `--innodb-flush-log-at-trx-commit=${options.durable === true ? 1 : 0}`,
      '--skip-log-bin',
      '--skip-name-resolve',
      '--performance-schema=OFF',
      ...fast,
      ...small,
      ...asRoot,
    ],
    { ready: /ready for connections/ },
  );
  const root = await mysql.createConnection({ socketPath: socket, user: 'root' });
  await root.query("CREATE USER app@127.0.0.1 IDENTIFIED BY 'x'");
  await root.query('GRANT ALL ON *.* TO app@127.0.0.1 WITH GRANT OPTION');
  let made = 0;
  return {
    pid: server.pid,
    url: `mysql://app:x@127.0.0.1:${port}`,
    async createDatabase() {
      made += 1;
      const name = `t${made}`;
      await root.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
      return {
        url: `mysql://app:x@127.0.0.1:${port}/${name}`,
        async drop() {
          await root.query(`DROP DATABASE IF EXISTS ${name}`);
        },
      };
    },
    async stop() {
      await root.end();
      await server.stop();
      folder.remove();
    },
  };
}

let shared: Promise<MariaDb> | undefined;

/** A fresh, empty database on the one server of this process, which ends with it: test files run in two processes, one file
 *  after another in each. */
export async function createDatabase(): Promise<TestDatabase> {
  shared ??= startMariaDb();
  return (await shared).createDatabase();
}

/** A database of this name on the server of another database's URL; gives its URL. */
export async function createDatabaseAt(url: string, name: string): Promise<string> {
  const connection = await mysql.createConnection(url);
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await connection.end();
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.href;
}

function program(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not on PATH (Debian package mariadb-server)`);
  return path;
}
