/** Read what this pass has claimed of a table. How large a payload is, is known before it is asked for. */
import { columnList } from '../column-text.ts';
import type { FrontEndConnection, FrontEndDialect } from '../connection.ts';
import type { FrontEndRow, MachinePass } from '../profile.ts';
import { hasColumn } from './init-tables.ts';
import { readOversized, readRow } from './read-row.ts';
import { ADDED_COLUMNS, type FrontEndTable, payloadColumns, ROW_STATES } from './tables.ts';

/** Of one row; a catalogue entry with its base image is the largest. */
const MOST_ROW_BYTES = 16_000_000;

const HEAD = ['business_key', 'revision', 'operation', 'pushed_at'];

/** SQL of the payload's bytes. SQLite counts characters of a text, and only up to a NUL. */
export function sizeOf(dialect: FrontEndDialect, table: FrontEndTable): string {
  const bytes = (name: string) => (dialect === 'sqlite' ? `CAST(${name} AS BLOB)` : name);
  return payloadColumns(table)
    .filter((name) => name !== 'content' && !isAdded(table, name))
    .map((name) => `COALESCE(LENGTH(${bytes(name)}), 0)`)
    .join(' + ');
}

const isAdded = (table: FrontEndTable, name: string) =>
  ADDED_COLUMNS.some(([its, column]) => its === table && column === name);

/** Payload columns that the table has: one that an earlier version has made goes on without those that came later. */
async function presentColumns(connection: FrontEndConnection, table: FrontEndTable): Promise<string[]> {
  const all = payloadColumns(table);
  const added = all.filter((name) => isAdded(table, name));
  // As a rule all are there: one question.
  if (added.length === 0 || (await hasColumn(connection, table, added.join(', ')))) return all;
  const present: string[] = [];
  for (const name of all) {
    if (!isAdded(table, name) || (await hasColumn(connection, table, name))) present.push(name);
  }
  return present;
}

/** @param ids just claimed; the pass may still be at work on others */
export async function readClaimed(
  pass: MachinePass,
  table: FrontEndTable,
  ids: readonly number[],
): Promise<FrontEndRow[]> {
  const { connection, machine, owner } = pass;
  const mine = `row_id IN (${ids.join(', ')}) AND state = ${ROW_STATES.claimed} AND claimed_by = ?`;
  const read = (columns: readonly string[], size: string) =>
    connection.query(
      `SELECT row_id, ${columnList(connection.dialect, columns)} FROM ${table} WHERE ${mine} AND ${sizeOf(connection.dialect, table)} ${size} ORDER BY row_id`,
      [owner],
    );
  const payload = await presentColumns(connection, table);
  const rows = (await read([...HEAD, ...payload], `<= ${MOST_ROW_BYTES}`)).map((row) =>
    readRow(machine.name, table, row),
  );
  if (rows.length === ids.length) return rows;
  const large = (await read(HEAD, `> ${MOST_ROW_BYTES}`)).map((row) =>
    readOversized(machine.name, table, row, MOST_ROW_BYTES),
  );
  return [...rows, ...large];
}

/** Throws what the database says when a column is missing. */
export async function checkTable({ connection }: Pick<MachinePass, 'connection'>, table: FrontEndTable): Promise<void> {
  const payload = await presentColumns(connection, table);
  const columns = ['row_id', ...HEAD, ...payload, 'state', 'receipt_code', 'receipt_text', 'receipt_at'];
  await connection.query(`SELECT ${[...columns, 'claimed_by', 'claimed_at'].join(', ')} FROM ${table} WHERE 1 = 0`);
}
