/** A department's own licence, to be read: who is refused stands in the log as refused, with what he asked for. */
import { logAccess } from '../audit/append-audit.ts';
import type { AuditAct } from '../audit/audit-words.ts';
import type { Caller, House } from '../house.ts';
import { getOwnLicence } from './get-own-licence.ts';
import type { LicenceColumns } from './rows.ts';

/** What is answered the reader logs himself. Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function getOwnForReading(
  house: House,
  caller: Caller,
  act: AuditAct,
  licenceId: string,
): Promise<LicenceColumns> {
  try {
    return await getOwnLicence(house, caller, licenceId);
  } catch (error) {
    await logAccess(house, caller, { act, outcome: 'refused', licenceId: licenceId.slice(0, 64) });
    throw error;
  }
}
