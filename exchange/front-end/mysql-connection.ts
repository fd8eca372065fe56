/** A front-end database on a MySQL-protocol server. A statement that takes too long costs its connection, and no other waits
 *  for it. */
import mysql, { type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { FrontEndConnection, Patience, SqlRow, SqlStatement, SqlValue } from './connection.ts';

const CONNECTIONS = 4;
/** A row that the department holds in an open transaction must not hold us up for long, in seconds. */
const LOCK_WAIT_S = 5;
const SESSION = [
  `SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = ${LOCK_WAIT_S}`,
  // Looking for new rows must not lock the gaps into which the department is writing.
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];
const DEADLOCK_TRIES = 3;

export function openMysqlFrontEnd(url: string, { connectMs, statementMs }: Patience): FrontEndConnection {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: CONNECTIONS,
    connectTimeout: connectMs,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
  });
  const ready = new WeakSet<object>();
  const run = async (on: mysql.PoolConnection, sql: string, parameters: readonly SqlValue[]) => {
    const [result] = await on.query({ sql, timeout: statementMs }, parameters.map(toBound));
    return result;
  };
  const withConnection = async <T>(act: (on: mysql.PoolConnection) => Promise<T>): Promise<T> => {
    const on = await pool.getConnection();
    try {
      if (!ready.has(on.connection)) {
        for (const sql of SESSION) await run(on, sql, []);
        ready.add(on.connection);
      }
      const result = await act(on);
      on.release();
      return result;
    } catch (error) {
      // The server may still be at the statement: whoever came next on this connection would wait for its end.
      if (isTimeout(error)) on.destroy();
      else on.release();
      throw error;
    }
  };
  const once = (sql: string, parameters: readonly SqlValue[]) => withConnection((on) => run(on, sql, parameters));
  return {
    dialect: 'mysql',
    query: async (sql, parameters = []) => ((await once(sql, parameters)) as RowDataPacket[]).map(toRow),
    execute: async (sql, parameters = []) =>
      ((await retryDeadlock(() => once(sql, parameters))) as ResultSetHeader).affectedRows,
    transaction: (statements) => retryDeadlock(() => withConnection((on) => runTogether(on, statements, run))),
    close: () => pool.end(),
  };
}

async function runTogether(
  on: mysql.PoolConnection,
  statements: readonly SqlStatement[],
  run: (on: mysql.PoolConnection, sql: string, parameters: readonly SqlValue[]) => Promise<unknown>,
): Promise<void> {
  await run(on, 'START TRANSACTION', []);
  try {
    for (const [sql, parameters] of statements) await run(on, sql, parameters);
    await run(on, 'COMMIT', []);
  } catch (error) {
    if (!isTimeout(error)) await run(on, 'ROLLBACK', []).catch(() => undefined);
    throw error;
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

async function retryDeadlock<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt === DEADLOCK_TRIES || (error as { code?: unknown }).code !== 'ER_LOCK_DEADLOCK') throw error;
    }
  }
}

function toBound(value: SqlValue): string | number | Buffer | null {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** Bytes stay where the driver has put them: a large piece is not copied once more. */
function toRow(row: RowDataPacket): SqlRow {
  return row as Record<string, unknown>;
}
