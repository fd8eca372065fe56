/** The revocation lists that are at hand: those that were fetched, and the development authority's own. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { issueDevelopmentLists } from './development-lists.ts';

interface Kept {
  readonly fetchedAt: number;
  readonly der: Uint8Array;
}

const kept = new WeakMap<House['db'], Map<string, Kept>>();

/** DER; the same bytes as long as nothing newer was fetched. A list that has run out is among them: whoever judges by it
 *  knows its dates. */
export async function findCrls(house: House): Promise<readonly Uint8Array[]> {
  return [...(await findFetched(house)), ...(await issueDevelopmentLists(house)).values()];
}

/** Lists may be large: only those that are new since the last look are read. */
async function findFetched(house: House): Promise<Uint8Array[]> {
  const { revocationLists } = house.db.rows;
  const before = kept.get(house.db) ?? new Map<string, Kept>();
  const where = { fetchedAt: { [Op.not]: null } };
  const heads = await revocationLists.findAll({ where, attributes: ['id', 'fetchedAt'], order: [['id', 'ASC']] });
  const now = new Map<string, Kept>();
  for (const { id, fetchedAt } of heads) {
    const at = fetchedAt?.getTime() ?? 0;
    const known = before.get(id);
    const der =
      known?.fetchedAt === at ? known.der : (await revocationLists.findByPk(id, { attributes: ['der'] }))?.der;
    if (der) now.set(id, { fetchedAt: at, der: known?.fetchedAt === at ? known.der : new Uint8Array(der) });
  }
  kept.set(house.db, now);
  return [...now.values()].map(({ der }) => der);
}
