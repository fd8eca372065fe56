/** A front-end database in one SQLite file. The driver is synchronous, so nothing comes between two statements. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Libsql from 'libsql';
import type { FrontEndConnection, OpenOptions, SqlRow, SqlValue } from './connection.ts';

/** The department writes to the same file. */
const BUSY_TIMEOUT_MS = 5000;

export function openSqliteFrontEnd(file: string, options: OpenOptions): FrontEndConnection {
  if (options.create) mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  // The driver would make an empty database of a wrong path, and a missing machine would look like an idle one.
  else if (!existsSync(file)) throw Object.assign(new Error('the front-end database is not there'), { code: 'ENOENT' });
  const database = new Libsql(file);
  database.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL`);
  const run = (sql: string, parameters: readonly SqlValue[]) =>
    // As one array: a single parameter of bytes would be taken for named ones, and the driver ends the process.
    database.prepare(sql).run(parameters.map(toBound)).changes;
  return {
    dialect: 'sqlite',
    query: async (sql, parameters = []) => database.prepare(sql).all(parameters.map(toBound)).map(toRow),
    execute: async (sql, parameters = []) => run(sql, parameters),
    async transaction(statements) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const [sql, parameters] of statements) run(sql, parameters);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    async close() {
      database.close();
    },
  };
}

function toBound(value: SqlValue): string | number | Buffer | null {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

/** Bytes come as ArrayBuffer. */
function toRow(row: unknown): SqlRow {
  const entries = Object.entries(row as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value instanceof ArrayBuffer ? new Uint8Array(value) : value]),
  );
}
