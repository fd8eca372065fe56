/** Take new rows by their state, never by “id greater than last”: rows of long transactions become visible out of order and
 *  would be lost. A claim names its process and pass. */
import { columnList, columnText } from '../column-text.ts';
import { toInstantText } from '../connection.ts';
import type { FrontEndRow, MachinePass } from '../profile.ts';
import { findNext } from './find-next.ts';
import { readClaimed } from './read-claimed.ts';
import { type FrontEndTable, ROW_STATES } from './tables.ts';

/** Other passes may be faster; then we look further. */
const TRIES = 5;
const { new: NEW, claimed: CLAIMED } = ROW_STATES;

/** Keys that a pass has left to others: what comes of them later in the same pass must not go before it. */
const leftKeys = new WeakMap<MachinePass, Set<string>>();

/** Claim the next rows that this pass has not looked at yet. Rows of a key that another pass is working on are left to later. */
export async function claimRows(pass: MachinePass, table: FrontEndTable, most: number): Promise<FrontEndRow[]> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const ids = await findNext(pass, table, most);
    if (ids.length === 0) return [];
    const claimed = await pass.connection.execute(
      `UPDATE ${table} SET state = ${CLAIMED}, claimed_by = ?, claimed_at = ? WHERE state = ${NEW} AND row_id IN (${ids.join(', ')})`,
      [pass.owner, toInstantText(pass.connection.dialect, pass.house.clock())],
    );
    if (claimed === 0) continue;
    const left = await leaveToOthers(pass, table);
    const rows = await readClaimed(pass, table, ids);
    const late = rows.filter((row) => left.has(keyOf(row)));
    await putBack(
      pass,
      table,
      late.map(({ rowId }) => Number(rowId)),
    );
    if (rows.length > late.length) return rows.filter((row) => !left.has(keyOf(row)));
  }
  return [];
}

const keyOf = ({ table, businessKey }: Pick<FrontEndRow, 'table' | 'businessKey'>) => `${table} ${businessKey}`;

/** Two passes may have split the rows of one key between them: then this one gives its part back. All keys that it has left.
 *  The others are looked for by their keys (the sign keeps SQLite from comparing all claims with all). */
async function leaveToOthers(pass: MachinePass, table: FrontEndTable): Promise<ReadonlySet<string>> {
  const { connection, owner } = pass;
  const left = leftKeys.get(pass) ?? new Set<string>();
  leftKeys.set(pass, left);
  const mine = await connection.query(
    `SELECT mine.row_id, ${columnList(connection.dialect, ['business_key'], 'mine.')}
     FROM ${table} mine CROSS JOIN ${table} other ON other.business_key = mine.business_key
     WHERE mine.state = ${CLAIMED} AND mine.claimed_by = ? AND +other.state = ${CLAIMED} AND other.claimed_by <> ?`,
    [owner, owner],
  );
  for (const row of mine) left.add(keyOf({ table, businessKey: columnText(row.business_key) }));
  await putBack(pass, table, [...new Set(mine.map((row) => Number(row.row_id)))]);
  return left;
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
