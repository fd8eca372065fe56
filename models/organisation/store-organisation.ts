/** Write a body and those responsible in it, in a given transaction; what was there before is replaced. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { OrganisationColumns } from './rows.ts';
import type { OrganisationInput } from './save-organisation.ts';

export interface OrganisationView extends Omit<OrganisationColumns, 'createdAt'> {
  readonly persons: readonly { readonly name: string; readonly duty: string }[];
}

export async function storeOrganisation(
  house: House,
  tx: Tx,
  caller: Caller,
  input: OrganisationInput,
): Promise<OrganisationView> {
  const { organisations, persons } = house.db.rows;
  const state = input.responsibleBody && input.persons.length > 0 ? 'active' : 'registered';
  const { persons: people, responsibleBody, ...rest } = input;
  const known = await organisations.findByPk(input.code, { transaction: tx, lock: true });
  const values = { ...rest, responsibleBody: responsibleBody ?? null, state } as const;
  if (known) await known.update(values, { transaction: tx });
  else await organisations.create({ ...values, createdAt: house.clock() }, { transaction: tx });
  await persons.destroy({ where: { organisationCode: input.code }, transaction: tx });
  for (const { name, duty, phone } of people) {
    const phoneCipher = phone ? house.cipher.encrypt('organisation_persons.phone', phone) : null;
    const row = { id: house.newId(), organisationCode: input.code, name, duty, phoneCipher };
    await persons.create(row, { transaction: tx });
  }
  await appendAudit(house, tx, caller, { act: 'organisation.manage', details: { code: input.code, state } });
  return { ...values, persons: people.map(({ name, duty }) => ({ name, duty })) };
}
