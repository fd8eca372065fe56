/** Compare what an applicant stated with a licence within a use (R-45, M-17). */
import { z } from 'zod';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { Caller, House } from '../house.ts';
import { findHolders } from '../licence/find-holders.ts';
import { bounded, getWithinUse } from './within-use.ts';

export const compareSharedSchema = z.strictObject({
  ...bounded,
  fields: z.record(z.string().max(60), z.string().max(20_000)),
});

/** `unknown`: the licence has no such field. The licence's own value is never told. */
export type Comparison = 'same' | 'different' | 'unknown';

export async function compareShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof compareSharedSchema>,
): Promise<{ readonly fields: Readonly<Record<string, Comparison>> }> {
  const { licence } = await getWithinUse(house, caller, 'sharing.compare', request);
  const holders = await findHolders(house, licence.id);
  const facts: Record<string, string> = {
    ...licence.fields,
    holderName: holders.map((holder) => holder.nameOnFace).join('、'),
    holderNumber: holders.map((holder) => revealHolderNumber(house, holder)).join('、'),
    validFrom: licence.validFrom ?? '',
    validTo: licence.validTo ?? '',
  };
  const compared = Object.entries(request.fields).map(([key, value]): [string, Comparison] => {
    if (!Object.hasOwn(facts, key)) return [key, 'unknown'];
    return [key, facts[key]?.trim() === value.trim() ? 'same' : 'different'];
  });
  return { fields: Object.fromEntries(compared) };
}
