/** Register a body and those responsible in it (R-01, R-02, M-28). It becomes active only when both are named. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { isSocialCreditCode } from '../identifier/social-credit-code.ts';
import { throwFaults } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { OrganisationColumns } from './rows.ts';

export const organisationSchema = z.strictObject({
  code: z.string().length(18),
  name: z.string().min(1).max(120),
  level: z.enum(['national', 'province', 'city', 'county']),
  isIssuer: z.boolean().default(false),
  isConsumer: z.boolean().default(false),
  responsibleBody: z.string().min(1).max(120).optional(),
  persons: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(60),
        duty: z.string().min(1).max(60),
        phone: z.string().max(30).optional(),
      }),
    )
    .max(50)
    .default([]),
});
export type OrganisationInput = z.infer<typeof organisationSchema>;

export interface OrganisationView extends Omit<OrganisationColumns, 'createdAt'> {
  readonly persons: readonly { readonly name: string; readonly duty: string }[];
}

export async function saveOrganisation(
  house: House,
  caller: Caller,
  input: OrganisationInput,
  remember?: Remember<OrganisationView>,
): Promise<OrganisationView> {
  requireRole(caller, 'admin.system');
  if (!isSocialCreditCode(input.code)) throwFaults([{ pointer: '/code', code: 'CHECK_CHARACTER_WRONG' }]);
  const { organisations, persons } = house.db.rows;
  const state = input.responsibleBody && input.persons.length > 0 ? 'active' : 'registered';
  const { persons: people, responsibleBody, ...rest } = input;
  return withTransaction(house.db, async (tx) => {
    const known = await organisations.findByPk(input.code, { transaction: tx, lock: true });
    const values = { ...rest, responsibleBody: responsibleBody ?? null, state } as const;
    if (known) await known.update(values, { transaction: tx });
    else await organisations.create({ ...values, createdAt: house.clock() }, { transaction: tx });
    await persons.destroy({ where: { organisationCode: input.code }, transaction: tx });
    for (const { name, duty, phone } of people) {
      const phoneCipher = phone ? house.cipher.encrypt('organisation_persons.phone', phone) : null;
      await persons.create(
        { id: house.newId(), organisationCode: input.code, name, duty, phoneCipher },
        { transaction: tx },
      );
    }
    await appendAudit(house, tx, caller, { act: 'organisation.manage', details: { code: input.code, state } });
    const view = { ...values, persons: people.map(({ name, duty }) => ({ name, duty })) };
    await remember?.(tx, view);
    return view;
  });
}
