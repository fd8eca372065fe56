/** Hold licences until the transaction ends, always in the order of their ids, so that two that hold several never wait for each
 *  other. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { LicenceColumns } from './rows.ts';
import { type TurnedLicences, turnDue } from './turn-due.ts';

export async function holdLicences(house: House, tx: Tx, ids: readonly string[]): Promise<LicenceColumns[]> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return [];
  return readRows(house.db.rows.licences, {
    where: { id: { [Op.in]: unique } },
    order: [['id', 'ASC']],
    tx,
    lock: true,
  });
}

/** These, and those whose places they are to take or took, so that a new version of one finds the others as they are. */
export async function holdWithFormers(house: House, tx: Tx, ids: readonly string[]): Promise<LicenceColumns[]> {
  const { licences } = house.db.rows;
  const where = { id: { [Op.in]: [...new Set(ids)] } };
  const links = ids.length === 0 ? [] : await readRows(licences, { where, attributes: ['predecessorId'], tx });
  return holdLicences(house, tx, [...ids, ...links.flatMap(({ predecessorId }) => predecessorId ?? [])]);
}

/** One department's, with what has come due of them written down first; another's are left out: their existence is not told. */
export async function lockLicences(
  house: House,
  tx: Tx,
  caller: Caller,
  ids: readonly string[],
  issuingBody: string,
): Promise<TurnedLicences> {
  const rows = await holdLicences(house, tx, ids);
  return turnDue(
    house,
    tx,
    caller,
    rows.filter((row) => row.issuingBody === issuingBody),
  );
}
