/** Rows of an import whose licences are not issued yet, after the one that was brought forward last. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import type { ImportColumns } from './rows.ts';

export async function findOpenRows(
  house: House,
  { id, advancedRow }: ImportColumns,
  most: number,
): Promise<{ readonly sheetRow: number; readonly licenceId: string }[]> {
  const rows = await house.db.sequelize.query<{ sheet_row: number; licence_id: string }>(
    `SELECT r.sheet_row, r.licence_id FROM import_rows r JOIN licences l ON l.id = r.licence_id
     WHERE r.import_id = ? AND r.sheet_row > ? AND r.outcome = 'accepted' AND l.state IN ('submitted', 'reviewed')
     ORDER BY r.sheet_row LIMIT ${most}`,
    { replacements: [id, advancedRow], type: QueryTypes.SELECT },
  );
  return rows.map(({ sheet_row, licence_id }) => ({ sheetRow: Number(sheet_row), licenceId: licence_id }));
}
