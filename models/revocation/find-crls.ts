/** The revocation lists that are at hand: those that were fetched, and the development authority's own. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { issueDevelopmentLists } from './development-lists.ts';

/** DER. A list that has run out is among them: whoever judges by it knows its dates. */
export async function findCrls(house: House): Promise<readonly Uint8Array[]> {
  const rows = await house.db.rows.revocationLists.findAll({
    where: { fetchedAt: { [Op.not]: null } },
    attributes: ['der'],
    order: [['id', 'ASC']],
  });
  const fetched = rows.flatMap(({ der }) => (der ? [new Uint8Array(der)] : []));
  return [...fetched, ...(await issueDevelopmentLists(house)).values()];
}
