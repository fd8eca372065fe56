/** How many rows wait in our tables, since when, and how many were refused. */
import { columnText } from '../column-text.ts';
import { type FrontEndConnection, readInstant } from '../connection.ts';
import type { MachineDepth } from '../profile.ts';
import { FRONT_END_TABLES, ROW_STATES } from './tables.ts';

export async function measureTables(connection: FrontEndConnection): Promise<MachineDepth> {
  let [depth, refused] = [0, 0];
  let oldest: Date | null = null;
  const least = connection.dialect === 'sqlite' ? 'CAST(MIN(pushed_at) AS BLOB)' : 'MIN(pushed_at)';
  for (const table of FRONT_END_TABLES) {
    const [row] = await connection.query(
      `SELECT COUNT(*) AS waiting, ${least} AS oldest FROM ${table} WHERE state IN (${ROW_STATES.new}, ${ROW_STATES.claimed})`,
    );
    const [no] = await connection.query(
      `SELECT COUNT(*) AS refused FROM ${table} refused WHERE state = ${ROW_STATES.refused} AND NOT EXISTS
       (SELECT 1 FROM ${table} later WHERE later.business_key = refused.business_key AND later.revision > refused.revision)`,
    );
    depth += Number(row?.waiting ?? 0);
    refused += Number(no?.refused ?? 0);
    const since = readInstant(columnText(row?.oldest));
    if (since && (oldest === null || since < oldest)) oldest = since;
  }
  return { depth, oldest, refused };
}
