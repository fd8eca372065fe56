/** The inbox of refused rows, where there is one: dn_lic_data_error names the row and says why (report table of the national
 *  platform). Nobody marks its rows; each is taken once, by its digest. */

import { sm3Hex } from '../../../models/kernel/digest.ts';
import { cutText } from '../../../models/kernel/well-formed.ts';
import { columnList, columnText } from '../../front-end/column-text.ts';
import type { FrontEndConnection } from '../../front-end/connection.ts';
import { marksOf } from '../marks.ts';

export const REFUSALS = 'dn_lic_data_error';

export interface RefusedRow {
  readonly reason: string;
  readonly digest: string;
}

/** What tells one refusal from the next, where the table has it. */
const COLUMNS = ['certificate_source_id', 'error_remark', 'cd_batch', 'cd_time'] as const;
const MOST_KEYS = 500;
const MOST_REASON = 1000;

/** The newest of each key. */
export async function findRefusals(
  connection: FrontEndConnection,
  keys: readonly string[],
): Promise<ReadonlyMap<string, RefusedRow>> {
  const refusals = new Map<string, RefusedRow>();
  const columns = await findColumns(connection);
  if (!columns) return refusals;
  for (let at = 0; at < keys.length; at += MOST_KEYS) {
    const some = keys.slice(at, at + MOST_KEYS);
    const order = columns.includes('cd_time') ? ' ORDER BY cd_time' : '';
    const rows = await connection.query(
      `SELECT ${columnList(connection.dialect, columns)} FROM ${REFUSALS} WHERE certificate_source_id IN (${marksOf(some)})${order}`,
      some,
    );
    for (const row of rows) {
      const texts = columns.map((name) => columnText(row[name]));
      refusals.set(texts[0] ?? '', {
        reason: cutText(`REFUSED ${texts[1] ?? ''}`.trim(), MOST_REASON),
        digest: sm3Hex(JSON.stringify(texts)),
      });
    }
  }
  return refusals;
}

/** Is there an inbox? */
export async function hasRefusals(connection: FrontEndConnection): Promise<boolean> {
  return (await findColumns(connection)) !== undefined;
}

/** Undefined: there is no inbox. Throws what else stands in the way. */
async function findColumns(connection: FrontEndConnection): Promise<readonly string[] | undefined> {
  for (const columns of [COLUMNS, COLUMNS.slice(0, 2)]) {
    const has = await connection.query(`SELECT ${columns.join(', ')} FROM ${REFUSALS} WHERE 1 = 0`).then(
      () => true,
      () => false,
    );
    if (has) return columns;
  }
  return undefined;
}
