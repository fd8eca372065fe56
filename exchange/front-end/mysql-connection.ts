/** A front-end database on a MySQL-protocol server. */
import mysql, { type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { FrontEndConnection, SqlRow, SqlValue } from './connection.ts';

const CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;

export function openMysqlFrontEnd(url: string): FrontEndConnection {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: CONNECTIONS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
  });
  // READ COMMITTED: looking for new rows must not lock the gaps into which the department is writing.
  pool.on('connection', (connection) => {
    void connection.query("SET SESSION time_zone = '+00:00'");
    void connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  const run = async (on: mysql.Pool | mysql.PoolConnection, sql: string, parameters: readonly SqlValue[]) => {
    const [result] = await on.query({ sql, timeout: STATEMENT_TIMEOUT_MS }, parameters.map(toBound));
    return result;
  };
  return {
    dialect: 'mysql',
    query: async (sql, parameters = []) => ((await run(pool, sql, parameters)) as RowDataPacket[]).map(toRow),
    execute: async (sql, parameters = []) => ((await run(pool, sql, parameters)) as ResultSetHeader).affectedRows,
    async transaction(statements) {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        for (const [sql, parameters] of statements) await run(connection, sql, parameters);
        await connection.commit();
      } catch (error) {
        await connection.rollback().catch(() => undefined);
        throw error;
      } finally {
        connection.release();
      }
    },
    close: () => pool.end(),
  };
}

function toBound(value: SqlValue): string | number | Buffer | null {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

function toRow(row: RowDataPacket): SqlRow {
  const entries = Object.entries(row as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.isBuffer(value) ? new Uint8Array(value) : value]),
  );
}
