/** Which rows lie in the province's front-end tables, and whether its task has moved them. */
import { columnList, columnText } from '../../front-end/column-text.ts';
import type { FrontEndConnection } from '../../front-end/connection.ts';
import { SYNC_STATES } from '../code-lists.ts';
import { marksOf } from '../marks.ts';
import { keyOf } from '../tables.ts';

export interface PresentRow {
  readonly isMoved: boolean;
  /** As the province wrote it. */
  readonly syncDate: string;
}

const MOST_KEYS = 500;

/** By key; keys of entries and of licences cannot be alike. */
export async function findPresent(
  connection: FrontEndConnection,
  keys: readonly string[],
): Promise<ReadonlyMap<string, PresentRow>> {
  const present = new Map<string, PresentRow>();
  for (let at = 0; at < keys.length; at += MOST_KEYS) {
    const some = keys.slice(at, at + MOST_KEYS);
    for (const table of ['hn_catalog_sync', 'hn_license_sync'] as const) {
      const key = keyOf(table);
      const rows = await connection.query(
        `SELECT ${columnList(connection.dialect, [key, 'sync_state', 'sync_date'])} FROM ${table} WHERE ${key} IN (${marksOf(some)})`,
        some,
      );
      for (const row of rows) {
        const isMoved = columnText(row.sync_state) === String(SYNC_STATES.moved);
        present.set(columnText(row[key]), { isMoved, syncDate: columnText(row.sync_date) });
      }
    }
  }
  return present;
}
