/** What waits in a table of Henan's, in the order of keys: how the province's task looks at it. */
import { columnList, columnText } from '../front-end/column-text.ts';
import type { FrontEndConnection } from '../front-end/connection.ts';
import { SYNC_STATES } from './code-lists.ts';
import type { PhysicalRow } from './front-end/henan-row.ts';
import { readPhysical } from './front-end/read-physical.ts';
import { type HenanTable, keyOf } from './tables.ts';

/** Rows that wait (sync_state 0), in the order of their keys. */
export async function readWaiting(
  connection: FrontEndConnection,
  table: HenanTable,
  after: string,
  most: number,
): Promise<PhysicalRow[]> {
  const key = keyOf(table);
  const found = await connection.query(
    `SELECT ${columnList(connection.dialect, [key])} FROM ${table} WHERE sync_state = ${SYNC_STATES.waiting} AND ${key} > ?
     ORDER BY ${key} LIMIT ${most}`,
    [after],
  );
  const keys = found.map((row) => columnText(row[key]));
  const rows = await readPhysical(connection, table, keys);
  return rows.sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));
}
