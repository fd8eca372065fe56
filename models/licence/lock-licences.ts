/** Hold licences of one department until the transaction ends, always in the order of their ids, so that two that hold several
 *  never wait for each other. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { LicenceColumns } from './rows.ts';

/** By id; another department's are left out: their existence is not told. */
export async function lockLicences(
  house: House,
  tx: Tx,
  ids: readonly string[],
  issuingBody: string,
): Promise<Map<string, LicenceColumns>> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return new Map();
  const rows = await readRows(house.db.rows.licences, {
    where: { id: { [Op.in]: unique } },
    order: [['id', 'ASC']],
    tx,
    lock: true,
  });
  return new Map(rows.filter((row) => row.issuingBody === issuingBody).map((row) => [row.id, row]));
}
