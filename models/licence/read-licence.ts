/** Read one licence with its holders, files and change records. The access is logged, refused or not. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { getOwnLicence } from './get-own-licence.ts';
import type { LicenceColumns } from './rows.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

export async function readLicence(house: House, caller: Caller, licenceId: string): Promise<LicenceView> {
  let row: LicenceColumns;
  try {
    row = await getOwnLicence(house, caller, licenceId);
  } catch (error) {
    await logAccess(house, caller, { act: 'licence.read', outcome: 'refused', licenceId: licenceId.slice(0, 64) });
    throw error;
  }
  await logAccess(house, caller, { act: 'licence.read', licenceId });
  return viewLicence(house, row);
}
