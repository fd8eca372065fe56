/** The course of an objection, for those it concerns. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

/** For the one who filed it, the issuer it went to, and the bureau. */
export async function readObjection(house: House, caller: Caller, number: string): Promise<ObjectionView> {
  const row = await house.db.rows.objections.findOne({ where: { number } });
  const mayRead =
    row &&
    (row.filedBy === caller.id ||
      (row.issuingBody === caller.organisationCode && caller.roles.some((role) => role.startsWith('issuer.'))) ||
      caller.roles.some((role) => role.startsWith('bureau.')));
  await logAccess(house, caller, {
    act: 'objection.read',
    outcome: mayRead ? 'done' : 'refused',
    licenceId: row?.licenceId ?? null,
  });
  if (!row || !mayRead) throw new Fault('NOT_FOUND');
  return viewObjection(house, row.get());
}
