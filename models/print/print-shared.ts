/** A print for a consumer, within a use: for its one purpose. */
import { z } from 'zod';
import type { Caller, House, Remember } from '../house.ts';
import { bounded, factsOf, getWithinUse } from '../sharing/within-use.ts';
import { makePrint, type PrintView } from './make-print.ts';

export const printSharedSchema = z.strictObject(bounded);

/** Throws `NOT_FOUND` outside the bounds, and as `makePrint`. */
export async function printShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof printSharedSchema>,
  remember?: Remember<PrintView>,
): Promise<PrintView> {
  const { licence, ...bound } = await getWithinUse(house, caller, 'sharing.print', request);
  const { id: useId, organisationCode, purpose } = bound.use;
  const facts = { ...factsOf(bound), act: 'sharing.print' as const, details: { useId } };
  return makePrint(house, caller, { licence, organisationCode, purpose, useId, facts }, remember);
}
