/** Take new rows by their state, never by “id greater than last”: rows of long transactions become visible out of order and
 *  would be lost. A claim names its process and pass. */
import { columnText } from '../column-text.ts';
import { type SqlRow, type SqlValue, toInstantText } from '../connection.ts';
import type { FrontEndRow, MachinePass } from '../profile.ts';
import { readClaimed, sizeOf } from './read-claimed.ts';
import { type FrontEndTable, ROW_STATES } from './tables.ts';

/** Of payloads in one claim; the others stay new for the next. */
const MOST_BYTES = 24_000_000;
/** Other passes may be faster; then we look further. */
const TRIES = 5;
const { new: NEW, claimed: CLAIMED } = ROW_STATES;

/** Claim the next rows that this pass has not looked at yet, and every further new row of their keys, so that revisions
 *  are judged in order. Rows of a key that another pass is working on are left to later. */
export async function claimRows(pass: MachinePass, table: FrontEndTable, most: number): Promise<FrontEndRow[]> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const ids = await findNew(pass, table, most);
    if (ids.length === 0) return [];
    const claimed = await pass.connection.execute(
      `UPDATE ${table} SET state = ${CLAIMED}, claimed_by = ?, claimed_at = ? WHERE state = ${NEW} AND row_id IN (${ids.join(', ')})`,
      [pass.owner, toInstantText(pass.connection.dialect, pass.house.clock())],
    );
    if (claimed === 0) continue;
    await leaveToOthers(pass, table);
    const rows = await readClaimed(pass, table, ids);
    if (rows.length > 0) return rows;
  }
  return [];
}

/** The oldest that are not seen yet with all of their keys, in order of key and revision, within the bounds of a claim. */
async function findNew({ connection, owner }: MachinePass, table: FrontEndTable, most: number): Promise<number[]> {
  const unseen = `state = ${NEW} AND (claimed_by IS NULL OR claimed_by <> ?)`;
  const first = await connection.query(
    `SELECT row_id${connection.dialect === 'mysql' ? ', business_key' : ''} FROM ${table} WHERE ${unseen} ORDER BY row_id LIMIT ${most}`,
    [owner],
  );
  if (first.length === 0) return [];
  const same = sameKeys(table, first);
  const all = await connection.query(
    `SELECT row_id, ${sizeOf(connection.dialect, table)} AS size FROM ${table} WHERE ${unseen} AND business_key IN (${same.sql})
     ORDER BY business_key, revision, row_id LIMIT ${2 * most}`,
    [owner, ...same.parameters],
  );
  const ids: number[] = [];
  let bytes = 0;
  for (const row of all) {
    bytes += Number(row.size);
    if (ids.length > 0 && bytes > MOST_BYTES) break;
    ids.push(Number(row.row_id));
  }
  return ids;
}

/** On SQLite a key may be bytes that no parameter could name; there the rows name it. A server is told the keys, so that it
 *  finds them by its index. */
function sameKeys(table: FrontEndTable, rows: readonly SqlRow[]) {
  if (rows.some((row) => !('business_key' in row))) {
    const ids = rows.map((row) => Number(row.row_id)).join(', ');
    return { sql: `SELECT business_key FROM ${table} WHERE row_id IN (${ids})`, parameters: [] };
  }
  const keys = [...new Set(rows.map((row) => row.business_key as SqlValue))];
  return { sql: keys.map(() => '?').join(', '), parameters: keys };
}

/** Two passes may have split the rows of one key between them: then this one gives its part back. */
async function leaveToOthers({ connection, owner }: MachinePass, table: FrontEndTable): Promise<void> {
  const mine = await connection.query(
    `SELECT mine.row_id FROM ${table} mine JOIN ${table} other ON other.business_key = mine.business_key
     WHERE mine.state = ${CLAIMED} AND mine.claimed_by = ? AND other.state = ${CLAIMED} AND other.claimed_by <> ?`,
    [owner, owner],
  );
  if (mine.length === 0) return;
  await connection.execute(
    `UPDATE ${table} SET state = ${NEW}, claimed_at = NULL WHERE state = ${CLAIMED} AND claimed_by = ?
     AND row_id IN (${mine.map((row) => Number(row.row_id)).join(', ')})`,
    [owner],
  );
}

/** The lease of what this pass holds begins anew. */
export async function renewClaims({ connection, house, owner }: MachinePass, table: FrontEndTable): Promise<void> {
  await connection.execute(`UPDATE ${table} SET claimed_at = ? WHERE state = ${CLAIMED} AND claimed_by = ?`, [
    toInstantText(connection.dialect, house.clock()),
    owner,
  ]);
}

/** Give back the claims of those whom `isOver` names. How many. */
export async function releaseClaims(
  { connection }: MachinePass,
  table: FrontEndTable,
  isOver: (owner: string, since: string) => boolean,
): Promise<number> {
  const list =
    connection.dialect === 'sqlite'
      ? 'CAST(claimed_by AS BLOB) AS owner, CAST(claimed_at AS BLOB) AS since'
      : 'claimed_by AS owner, claimed_at AS since';
  const rows = await connection.query(`SELECT DISTINCT ${list} FROM ${table} WHERE state = ${CLAIMED}`);
  let released = 0;
  for (const row of rows) {
    if (!isOver(columnText(row.owner), columnText(row.since))) continue;
    const same = (column: string, value: unknown) => (value === null ? `${column} IS NULL` : `${column} = ?`);
    const values = [row.owner, row.since].filter((value) => value !== null).map(columnText);
    released += await connection.execute(
      `UPDATE ${table} SET state = ${NEW}, claimed_by = NULL, claimed_at = NULL
       WHERE state = ${CLAIMED} AND ${same('claimed_by', row.owner)} AND ${same('claimed_at', row.since)}`,
      values,
    );
  }
  return released;
}

/** Back to new. `claimed_by` stays, so that this pass does not take them a second time. */
export async function putBack(
  { connection, owner }: MachinePass,
  table: FrontEndTable,
  rowIds: readonly number[],
): Promise<void> {
  if (rowIds.length === 0) return;
  await connection.execute(
    `UPDATE ${table} SET state = ${NEW}, claimed_at = NULL WHERE state = ${CLAIMED} AND claimed_by = ? AND row_id IN (${rowIds.join(', ')})`,
    [owner],
  );
}
