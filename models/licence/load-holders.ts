/** Who holds each of many licences, with two questions however many they are. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { LicenceHolder } from './find-holders.ts';

/** By the licence's id; the holders of each in their order. */
export async function loadHolders(
  house: House,
  licenceIds: readonly string[],
  tx?: Tx,
): Promise<Map<string, LicenceHolder[]>> {
  const found = new Map<string, LicenceHolder[]>();
  if (licenceIds.length === 0) return found;
  const { licenceHolders, holders } = house.db.rows;
  const links = await readRows(licenceHolders, { where: { licenceId: { [Op.in]: [...licenceIds] } }, tx });
  links.sort((a, b) => a.position - b.position);
  const ids = [...new Set(links.map(({ holderId }) => holderId))];
  const rows = ids.length === 0 ? [] : await readRows(holders, { where: { id: { [Op.in]: ids } }, tx });
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const { licenceId, holderId, name } of links) {
    const holder = byId.get(holderId);
    if (!holder) continue;
    const list = found.get(licenceId) ?? [];
    list.push({ ...holder, nameOnFace: name });
    found.set(licenceId, list);
  }
  return found;
}
