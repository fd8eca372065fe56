/** A department's own licence; every act of an issuer upon a licence starts here. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { LicenceColumns } from './rows.ts';

export const ISSUER_ROLES = ['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'] as const;

/** Throws `NOT_FOUND`, also for another department's licence: its existence is not told. */
export async function getOwnLicence(house: House, caller: Caller, licenceId: string): Promise<LicenceColumns> {
  requireRole(caller, ...ISSUER_ROLES);
  const row = await house.db.rows.licences.findByPk(licenceId);
  if (!row || row.issuingBody !== requireOrganisation(caller)) throw new Fault('NOT_FOUND');
  return row.get();
}
