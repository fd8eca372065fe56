/** Does a row of a table lie there without an answer? */
import type { MachinePass } from '../profile.ts';
import { type FrontEndTable, ROW_STATES } from './tables.ts';

const { new: NEW, claimed: CLAIMED } = ROW_STATES;

export async function hasOpen(
  { connection, owner }: MachinePass,
  table: FrontEndTable,
  of: 'anybody' | 'others',
): Promise<boolean> {
  const open = of === 'anybody' ? `state IN (${NEW}, ${CLAIMED})` : `state = ${CLAIMED} AND claimed_by <> ?`;
  const rows = await connection.query(
    `SELECT 1 AS one FROM ${table} WHERE ${open} LIMIT 1`,
    of === 'others' ? [owner] : [],
  );
  return rows.length > 0;
}
