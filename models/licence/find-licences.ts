/** Licences by their ids, many at once, as they stand. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { LicenceColumns } from './rows.ts';

export async function findLicences(house: House, ids: readonly string[]): Promise<LicenceColumns[]> {
  if (ids.length === 0) return [];
  return readRows(house.db.rows.licences, { where: { id: { [Op.in]: [...ids] } } });
}

/** How far each has come. */
export async function findSequences(house: House, ids: readonly string[]): Promise<Map<string, number>> {
  const where = { id: { [Op.in]: [...ids] } };
  const rows = await readRows(house.db.rows.licences, { where, attributes: ['id', 'sequence'] });
  return new Map(rows.map(({ id, sequence }) => [id, sequence]));
}
