/** What was handed over to the province and has no receipt yet. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { ProvinceStateColumns } from './province-rows.ts';

/** By id, after one of them. */
export async function findPending(house: House, after: string, limit: number): Promise<ProvinceStateColumns[]> {
  const where = { state: 'pending' as const, id: { [Op.gt]: after } };
  return readRows(house.db.rows.provinceStates, { where, order: [['id', 'ASC']], limit });
}
