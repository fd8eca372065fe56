/** A print for the counter of the body that issued the licence. */
import { z } from 'zod';
import type { Caller, House, Remember } from '../house.ts';
import { writtenText } from '../kernel/written-text.ts';
import { getOwnLicence } from '../licence/get-own-licence.ts';
import { makePrint, type PrintView } from './make-print.ts';

export const printSchema = z.strictObject({ purpose: writtenText(100, 2) });

/** Throws `NOT_FOUND`, and as `makePrint`. */
export async function printLicence(
  house: House,
  caller: Caller,
  licenceId: string,
  { purpose }: z.infer<typeof printSchema>,
  remember?: Remember<PrintView>,
): Promise<PrintView> {
  const licence = await getOwnLicence(house, caller, licenceId);
  const order = { licence, organisationCode: licence.issuingBody, purpose, useId: null };
  return makePrint(house, caller, { ...order, facts: { act: 'licence.print' } }, remember);
}
