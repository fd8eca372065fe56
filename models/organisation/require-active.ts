/** A body without a responsible body and persons is not activated, and an inactive body does nothing (M-28). */
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { OrganisationColumns } from './rows.ts';

/** Throws `ORGANISATION_NOT_ACTIVE`, also for a body that is not registered at all. */
export async function requireActive(house: House, code: string): Promise<OrganisationColumns> {
  const row = await house.db.rows.organisations.findByPk(code);
  if (row?.state !== 'active') throw new Fault('ORGANISATION_NOT_ACTIVE');
  return row.get();
}
