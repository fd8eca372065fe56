/** A print for the counter of the body that issued the licence. */
import { z } from 'zod';
import type { Caller, House, Remember } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { getOwnLicence } from '../licence/get-own-licence.ts';
import { checkPurpose } from '../sharing/check-purpose.ts';
import { makePrint, type PrintView } from './make-print.ts';

export const printSchema = z.strictObject({ purpose: writtenText(100, 2) });

/** Throws `NOT_FOUND`, `GLYPH_MISSING` for a purpose that no font of ours can write, and as `makePrint`. */
export async function printLicence(
  house: House,
  caller: Caller,
  licenceId: string,
  { purpose }: z.infer<typeof printSchema>,
  remember?: Remember<PrintView>,
): Promise<PrintView> {
  const licence = await getOwnLicence(house, caller, licenceId);
  throwFaults(checkPurpose(house, purpose));
  const order = { licence, organisationCode: licence.issuingBody, purpose, useId: null };
  return makePrint(house, caller, { ...order, facts: { act: 'licence.print' } }, remember);
}
