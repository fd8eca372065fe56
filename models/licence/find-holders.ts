/** Who holds a licence. */
import { Op } from 'sequelize';
import type { HolderColumns } from '../holder/rows.ts';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';

export type LicenceHolder = HolderColumns & { readonly nameOnFace: string };

/** The holders of a licence in their order. */
export async function findHolders(house: House, licenceId: string, tx?: Tx): Promise<readonly LicenceHolder[]> {
  const options = tx ? { transaction: tx } : {};
  const links = await house.db.rows.licenceHolders.findAll({
    where: { licenceId },
    order: [['position', 'ASC']],
    ...options,
  });
  const rows = await house.db.rows.holders.findAll({
    where: { id: { [Op.in]: links.map((link) => link.holderId) } },
    ...options,
  });
  const byId = new Map(rows.map((row) => [row.id, row.get()]));
  return links.flatMap((link) => {
    const holder = byId.get(link.holderId);
    return holder ? [{ ...holder, nameOnFace: link.name }] : [];
  });
}
