/** Hold an objection until the transaction ends: its licence first, as everything does that changes what is told of a licence. */
import { appendAudits } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller } from '../house.ts';
import { holdLicences } from '../licence/lock-licences.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { turnDue } from '../licence/turn-due.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ObjectionColumns } from './rows.ts';

export interface HeldObjection {
  readonly objection: ObjectionColumns;
  readonly licence: LicenceColumns;
}

/** Undefined when there is none of this number. */
export async function lockObjection(
  house: House,
  tx: Tx,
  caller: Caller,
  number: string,
): Promise<HeldObjection | undefined> {
  const { objections } = house.db.rows;
  const found = await objections.findOne({ where: { number }, attributes: ['id', 'licenceId'], transaction: tx });
  if (!found) return undefined;
  const held = await holdLicences(house, tx, [found.licenceId]);
  const objection = await objections.findByPk(found.id, { transaction: tx, lock: true });
  const licence = await turnHeld(house, tx, caller, held);
  return licence && objection ? { objection: objection.get(), licence } : undefined;
}

/** A licence as it stands now, with what has come due of it written down first: of a scheduler that stood still nobody is told. */
export async function holdLicence(
  house: House,
  tx: Tx,
  caller: Caller,
  id: string,
): Promise<LicenceColumns | undefined> {
  return turnHeld(house, tx, caller, await holdLicences(house, tx, [id]));
}

async function turnHeld(
  house: House,
  tx: Tx,
  caller: Caller,
  held: readonly LicenceColumns[],
): Promise<LicenceColumns | undefined> {
  const { licences, entries } = await turnDue(house, tx, caller, held);
  await appendAudits(house, tx, houseCaller(caller.requestId), entries);
  return licences.get(held[0]?.id ?? '');
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
