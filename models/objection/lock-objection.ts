/** Hold an objection until the transaction ends: its licence first, as everything does that changes what is told of a licence. */
import type { House } from '../house.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ObjectionColumns } from './rows.ts';

export interface HeldObjection {
  readonly objection: ObjectionColumns;
  readonly licence: LicenceColumns;
}

/** Undefined when there is none of this number. */
export async function lockObjection(house: House, tx: Tx, number: string): Promise<HeldObjection | undefined> {
  const { objections, licences } = house.db.rows;
  const found = await objections.findOne({ where: { number }, attributes: ['id', 'licenceId'], transaction: tx });
  if (!found) return undefined;
  const licence = await licences.findByPk(found.licenceId, { transaction: tx, lock: true });
  const objection = await objections.findByPk(found.id, { transaction: tx, lock: true });
  return licence && objection ? { objection: objection.get(), licence: licence.get() } : undefined;
}

/** Give it new values, and the row as it then is. */
export async function updateObjection(
  house: House,
  tx: Tx,
  row: ObjectionColumns,
  changes: Partial<ObjectionColumns>,
): Promise<ObjectionColumns> {
  await house.db.rows.objections.update(changes, { where: { id: row.id }, transaction: tx });
  return { ...row, ...changes };
}
