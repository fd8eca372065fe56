/** Since when the newest change of each licence holds: nothing takes effect before that. */
import { col, fn, Op } from 'sequelize';
import type { House } from '../house.ts';
import { readInstant } from '../store/bulk-values.ts';
import type { Tx } from '../store/with-transaction.ts';

/** By licence id. */
export async function findLastEffective(house: House, tx: Tx, ids: readonly string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = (await house.db.rows.changes.findAll({
    where: { licenceId: { [Op.in]: [...new Set(ids)] } },
    attributes: ['licenceId', [fn('MAX', col('effective_at')), 'last']],
    group: ['licence_id'],
    raw: true,
    transaction: tx,
  })) as unknown as readonly { readonly licenceId: string; readonly last: unknown }[];
  return new Map(rows.map(({ licenceId, last }) => [licenceId, readInstant(last)]));
}
