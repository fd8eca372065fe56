/** What a department is to be told, in its own machine, of a licence that the province does not get or has refused. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { putRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type Followed, stateKeyOf } from './followed.ts';
import type { ProvinceNoticeColumns } from './province-rows.ts';

/** Only what changes is noted: a new cause, or that there is none any more. */
export async function noteForMachines(house: House, tx: Tx, followed: readonly Followed[]): Promise<void> {
  const { provinceNotices } = house.db.rows;
  const now = house.clock();
  const stopped = followed.flatMap(({ subject, outcome, reason, arrivals }) => {
    const [arrival] = arrivals;
    if (subject.type !== 'licence' || !arrival || (outcome !== 'held' && outcome !== 'refused')) return [];
    const row = { id: stateKeyOf(subject), frontEnd: arrival.frontEnd, licenceId: subject.id };
    return [{ ...row, cause: reason, written: false, updatedAt: now }];
  });
  await putRows(house.db, tx, provinceNotices, 'id', stopped);
  const through = followed.filter(
    ({ outcome, before }) => outcome === 'accepted' && before && before.reason !== null && before.state !== 'pending',
  );
  if (through.length === 0) return;
  await provinceNotices.update(
    { cause: null, written: false, updatedAt: now },
    { where: { id: { [Op.in]: through.map(({ subject }) => stateKeyOf(subject)) } }, transaction: tx },
  );
}

/** What a machine has not been told yet, a page at a time.
 *  @param after the last id of the page before, or the empty text */
export async function findNotices(
  house: House,
  frontEnd: string,
  after: string,
  limit: number,
): Promise<ProvinceNoticeColumns[]> {
  const where = { frontEnd, written: false, id: { [Op.gt]: after } };
  return readRows(house.db.rows.provinceNotices, { where, order: [['id', 'ASC']], limit });
}

/** They stand in the machine now. A notice that changed meanwhile is told again; one that says all is well is over. */
export async function markTold(house: House, tx: Tx, told: readonly ProvinceNoticeColumns[]): Promise<void> {
  const { provinceNotices } = house.db.rows;
  const asRead = (rows: readonly ProvinceNoticeColumns[]) => ({
    [Op.or]: rows.map(({ id, updatedAt }) => ({ id, updatedAt })),
  });
  const over = told.filter(({ cause }) => cause === null);
  const open = told.filter(({ cause }) => cause !== null);
  if (over.length > 0) await provinceNotices.destroy({ where: asRead(over), transaction: tx });
  if (open.length > 0) await provinceNotices.update({ written: true }, { where: asRead(open), transaction: tx });
}
