/** Register a body and those responsible in it (R-01, R-02, M-28). It becomes active only when both are named. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { isSocialCreditCode } from '../identifier/social-credit-code.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type OrganisationView, storeOrganisation } from './store-organisation.ts';

export const organisationSchema = z.strictObject({
  code: z.string().length(18),
  name: writtenText(120),
  level: z.enum(['national', 'province', 'city', 'county']),
  isIssuer: z.boolean().default(false),
  isConsumer: z.boolean().default(false),
  responsibleBody: writtenText(120).optional(),
  persons: z
    .array(
      z.strictObject({
        name: writtenText(60),
        duty: writtenText(60),
        phone: z.string().max(30).optional(),
      }),
    )
    .max(50)
    .default([]),
});
export type OrganisationInput = z.infer<typeof organisationSchema>;

export async function saveOrganisation(
  house: House,
  caller: Caller,
  input: OrganisationInput,
  remember?: Remember<OrganisationView>,
): Promise<OrganisationView> {
  requireRole(caller, 'admin.system');
  throwFaults(checkOrganisation(input));
  return withTransaction(house.db, async (tx) => {
    const view = await storeOrganisation(house, tx, caller, input);
    await remember?.(tx, view);
    return view;
  });
}

/** What the shape alone does not say. */
export function checkOrganisation({ code }: Pick<OrganisationInput, 'code'>): readonly PointedFault[] {
  return isSocialCreditCode(code) ? [] : [{ pointer: '/code', code: 'CHECK_CHARACTER_WRONG' }];
}
