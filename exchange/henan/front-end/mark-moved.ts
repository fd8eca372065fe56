/** Mark rows as moved (sync_state 1, sync_date), each only while it is what was read: one that was overwritten meanwhile stays
 *  waiting. */
import type { FrontEndConnection, SqlStatement, SqlValue } from '../../front-end/connection.ts';
import { SYNC_STATES } from '../code-lists.ts';
import { type HenanTable, keyOf } from '../tables.ts';
import type { PhysicalRow } from './henan-row.ts';
import { readLarge, rowDigest, sha256Hex } from './read-physical.ts';

/** @param at Beijing time */
export async function markMoved(
  connection: FrontEndConnection,
  table: HenanTable,
  rows: readonly PhysicalRow[],
  at: string,
): Promise<SqlStatement[]> {
  const head = `UPDATE ${table} SET sync_state = ${SYNC_STATES.moved}, sync_date = ? WHERE sync_state = ${SYNC_STATES.waiting}`;
  if (rows.length === 0) return [];
  if (connection.dialect === 'mysql') {
    const digest = rowDigest(table);
    const any = rows.map(() => `(${keyOf(table)} = ? AND ${digest} = ?)`).join(' OR ');
    const values = rows.flatMap(({ key, mark }) => [key, mark.kind === 'digest' ? mark.digest : '']);
    return [[`${head} AND (${any})`, [at, ...values]]];
  }
  const statements: SqlStatement[] = [];
  for (const row of rows) {
    const unchanged = await describeUnchanged(connection, table, row);
    if (unchanged) statements.push([`${head} AND ${unchanged.sql}`, [at, ...unchanged.values]]);
  }
  return statements;
}

/** SQLite has no digests: the columns are compared as they are. Undefined when a large one is another already. */
async function describeUnchanged(
  connection: FrontEndConnection,
  table: HenanTable,
  { key, mark }: PhysicalRow,
): Promise<{ readonly sql: string; readonly values: readonly SqlValue[] } | undefined> {
  if (mark.kind !== 'columns') throw new TypeError('the mark of another database');
  const values: SqlValue[] = mark.values.map(([, value]) => value);
  const columns = mark.values.map(([name]) => name);
  for (const [name, sha256] of mark.large) {
    const bytes = await readLarge(connection, table, name, key);
    if ((bytes ? sha256Hex(bytes) : null) !== sha256) return undefined;
    columns.push(name);
    values.push(bytes ?? null);
  }
  return { sql: columns.map((name) => `CAST(${name} AS BLOB) IS ?`).join(' AND '), values };
}
