/** Claims in the companion: begun anew, or given back when their owner is gone or their lease is over. */
import { columnList, columnText } from '../../front-end/column-text.ts';
import { type SqlValue, toInstantText } from '../../front-end/connection.ts';
import type { IsOver, MachinePass } from '../../front-end/profile.ts';
import { SYNC_STATES } from '../code-lists.ts';
import { COMPANION, type HenanTable, keyOf } from '../tables.ts';
import { LINE_STATES } from './companion.ts';

const CLAIMED = `source_table = ? AND state = ${LINE_STATES.claimed}`;

export async function renewClaims({ connection, house, owner }: MachinePass, table: string): Promise<void> {
  await connection.execute(`UPDATE ${COMPANION} SET claimed_at = ? WHERE ${CLAIMED} AND claimed_by = ?`, [
    ...[toInstantText(connection.dialect, house.clock()), table, owner],
  ]);
}

/** How many. */
export async function releaseClaims({ connection }: MachinePass, table: string, isOver: IsOver): Promise<number> {
  const rows = await connection.query(
    `SELECT DISTINCT ${columnList(connection.dialect, ['claimed_by', 'claimed_at'])} FROM ${COMPANION} WHERE ${CLAIMED}`,
    [table],
  );
  let released = 0;
  for (const row of rows) {
    if (!isOver(columnText(row.claimed_by), columnText(row.claimed_at))) continue;
    const same = (column: string, value: unknown) => (value === null ? `${column} IS NULL` : `${column} = ?`);
    const values = [row.claimed_by, row.claimed_at]
      .filter((value) => value !== null)
      .map((one): SqlValue => columnText(one));
    released += await connection.execute(
      `UPDATE ${COMPANION} SET state = ${LINE_STATES.new}, claimed_by = NULL, claimed_at = NULL
       WHERE ${CLAIMED} AND ${same('claimed_by', row.claimed_by)} AND ${same('claimed_at', row.claimed_at)}`,
      [table, ...values],
    );
  }
  return released;
}

/** A row lies there until it is marked as moved; one without a key is never asked for. */
export async function hasOpen(
  { connection, owner }: MachinePass,
  table: HenanTable,
  of: 'anybody' | 'others',
): Promise<boolean> {
  const rows =
    of === 'anybody'
      ? await connection.query(
          `SELECT 1 AS one FROM ${table} WHERE sync_state = ${SYNC_STATES.waiting} AND ${keyOf(table)} > '' LIMIT 1`,
        )
      : await connection.query(`SELECT 1 AS one FROM ${COMPANION} WHERE ${CLAIMED} AND claimed_by <> ? LIMIT 1`, [
          ...[table, owner],
        ]);
  return rows.length > 0;
}
