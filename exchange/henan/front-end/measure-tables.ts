/** How many rows wait in Henan's tables, since when, and how many were refused. */
import { columnText } from '../../front-end/column-text.ts';
import type { FrontEndConnection } from '../../front-end/connection.ts';
import type { MachineDepth } from '../../front-end/profile.ts';
import { SYNC_STATES } from '../code-lists.ts';
import { readBeijingText } from '../days.ts';
import { COMPANION } from '../tables.ts';
import { LINE_STATES } from './companion.ts';

export async function measureTables(connection: FrontEndConnection): Promise<MachineDepth> {
  let depth = 0;
  let oldest: Date | null = null;
  const least = connection.dialect === 'sqlite' ? 'CAST(MIN(create_date) AS BLOB)' : 'MIN(create_date)';
  for (const table of ['hn_catalog_sync', 'hn_license_sync']) {
    const [row] = await connection.query(
      `SELECT COUNT(*) AS waiting, ${least} AS oldest FROM ${table} WHERE sync_state = ${SYNC_STATES.waiting}`,
    );
    depth += Number(row?.waiting ?? 0);
    const since = readBeijingText(columnText(row?.oldest));
    if (since && (oldest === null || since < oldest)) oldest = since;
  }
  const [no] = await connection.query(
    `SELECT COUNT(*) AS refused FROM ${COMPANION} refused WHERE state = ${LINE_STATES.refused} AND NOT EXISTS
     (SELECT 1 FROM ${COMPANION} later WHERE later.source_table = refused.source_table
      AND later.business_key = refused.business_key AND later.revision > refused.revision)`,
  );
  return { depth, oldest, refused: Number(no?.refused ?? 0) };
}
