/** Read one licence with its holders, files and change records. The access is logged, refused or not. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { getOwnForReading } from './get-own-for-reading.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

export async function readLicence(house: House, caller: Caller, licenceId: string): Promise<LicenceView> {
  const row = await getOwnForReading(house, caller, 'licence.read', licenceId);
  await logAccess(house, caller, { act: 'licence.read', licenceId });
  return viewLicence(house, row);
}
