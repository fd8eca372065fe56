/** An open database: Sequelize over SQLite (embedded) or a MySQL-protocol server, with the rows of every area. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Options, Sequelize } from 'sequelize';
import { Fault } from '../kernel/fault.ts';
import { LaneGate, type LaneGateOptions } from '../kernel/lane-gate.ts';
import { defineRows, type Rows } from './rows.ts';
import { libsqlDialect } from './sqlite/libsql-dialect.ts';

export type Dialect = 'sqlite' | 'mysql';

export interface Database {
  readonly sequelize: Sequelize;
  readonly dialect: Dialect;
  readonly rows: Rows;
  /** Where writers wait for their turn. */
  readonly gate: LaneGate;
}

const POOL_CONNECTIONS = 10;
/** SQLite has one writer. Of a server's connections some stay free for reading, and bulk never holds them all. */
const PLACES: Record<Dialect, LaneGateOptions> = {
  sqlite: { places: 1 },
  mysql: { places: POOL_CONNECTIONS - 2, bulkPlaces: POOL_CONNECTIONS / 2 },
};

/** Open `sqlite:<file>` or `mysql://…`. Creates the folder of a SQLite file; runs no migration. */
export function openDatabase(url: string): Database {
  const sequelize = url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openMysql(url);
  const dialect: Dialect = url.startsWith('sqlite:') ? 'sqlite' : 'mysql';
  return { sequelize, dialect, rows: defineRows(sequelize), gate: new LaneGate(PLACES[dialect]) };
}

const common: Options = {
  logging: false,
  define: { timestamps: false, freezeTableName: true, underscored: true },
  hooks: { beforeQuery: ({ replacements }) => requireNoInstant(replacements) },
};

/** Among replacements an instant loses its milliseconds on one of the databases, and what was put in a moment ago seems to be of
 *  the future. */
function requireNoInstant(replacements: unknown): void {
  if (replacements instanceof Date) throw new TypeError('write an instant among replacements with instantText');
  if (typeof replacements === 'object' && replacements !== null)
    for (const value of Object.values(replacements)) requireNoInstant(value);
}

function openSqlite(file: string): Sequelize {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  // IMMEDIATE: a transaction that will write takes the lock at its start, not in its middle.
  const transactionType = 'IMMEDIATE' as NonNullable<Options['transactionType']>;
  return new Sequelize({ ...common, dialect: 'sqlite', storage: file, dialectModule: libsqlDialect, transactionType });
}

function openMysql(url: string): Sequelize {
  return new Sequelize(url, {
    ...common,
    dialect: 'mysql',
    timezone: '+00:00',
    isolationLevel: 'READ COMMITTED' as NonNullable<Options['isolationLevel']>,
    pool: { max: POOL_CONNECTIONS, acquire: 30_000 },
    dialectOptions: { charset: 'utf8mb4', supportBigNumbers: true },
  });
}

/** Durable means durable: refuse to start on a database that may lose an acknowledged commit.
 *  Throws `DATABASE_NOT_DURABLE` naming the setting. */
export async function checkDurable(db: Database): Promise<string> {
  if (db.dialect === 'sqlite') return 'sqlite synchronous=FULL';
  const [rows] = await db.sequelize.query(
    'SELECT @@GLOBAL.innodb_flush_log_at_trx_commit AS flush_log, @@GLOBAL.innodb_doublewrite AS doublewrite',
  );
  const [settings] = rows as { flush_log: number }[];
  if (Number(settings?.flush_log) !== 1) {
    throw new Fault('DATABASE_NOT_DURABLE', { detail: 'innodb_flush_log_at_trx_commit=1' });
  }
  return 'mysql innodb_flush_log_at_trx_commit=1';
}

export async function closeDatabase(db: Database): Promise<void> {
  await db.gate.idle();
  await db.sequelize.close();
}
