/** The course of an objection, for those it concerns. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { sidesOf } from './sides.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

/** For the party that filed it, the issuer it went to, and the bureau. Throws `NOT_FOUND`. */
export async function readObjection(house: House, caller: Caller, number: string): Promise<ObjectionView> {
  const row = await house.db.rows.objections.findOne({ where: { number } });
  const [side] = row ? sidesOf(caller, row) : [];
  await logAccess(house, caller, {
    act: 'objection.read',
    outcome: side ? 'done' : 'refused',
    licenceId: row?.licenceId ?? null,
  });
  if (!row || !side) throw new Fault('NOT_FOUND');
  return viewObjection(house, row.get(), side);
}
