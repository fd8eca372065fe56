/** A licence that the caller may seal: their own body's, or one of an issuer that has authorised their body (C-7.1-4). */
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { isAuthorisedToSeal } from '../seal/find-authorisations.ts';
import type { LicenceColumns } from './rows.ts';

/** Throws `NOT_FOUND`, also for a licence that the caller may not seal: its existence is not told. */
export async function getSealableLicence(house: House, caller: Caller, licenceId: string): Promise<LicenceColumns> {
  const row = await house.db.rows.licences.findByPk(licenceId);
  if (!row) throw new Fault('NOT_FOUND');
  const isOwn = row.issuingBody === caller.organisationCode;
  if (!isOwn && !(await isAuthorisedToSeal(house, caller, row.issuingBody, row.catalogueCode)))
    throw new Fault('NOT_FOUND');
  return row.get();
}
