/** The bureau lets a body know of the changes of a licence type, or names it as one that handles the next step after an
 *  approval of that type (R-26, K-14, K-15); and takes either back. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { GrantColumns } from './rows.ts';

export const changeGrantSchema = z.strictObject({
  organisationCode: z.string().length(18),
  /** Catalogue code; `*` for all. */
  catalogueCode: z.string().regex(/^(\*|[0-9A-Z]{18}\d{3})$/),
  nextStep: z.boolean().default(false),
  /** `withdrawn` takes it back: nothing more is told, of what has happened already neither. */
  state: z.enum(['given', 'withdrawn']).default('given'),
});
export type ChangeGrant = z.infer<typeof changeGrantSchema>;

/** Throws `FORBIDDEN`, `NOT_FOUND`, `CATALOGUE_UNKNOWN`. */
export async function saveChangeGrant(
  house: House,
  caller: Caller,
  input: ChangeGrant,
  remember?: Remember<ChangeGrant>,
): Promise<ChangeGrant> {
  requireRole(caller, 'bureau.officer');
  const { organisationCode, catalogueCode, nextStep, state } = input;
  throwFaults(await findFaults(house, input));
  return withTransaction(house.db, async (tx) => {
    const { changeGrants } = house.db.rows;
    const id = `${organisationCode}:${catalogueCode}`;
    await changeGrants.destroy({ where: { id }, transaction: tx });
    const row = { id, organisationCode, catalogueCode, nextStep, createdAt: house.clock(), createdBy: caller.id };
    if (state === 'given') await changeGrants.create(row, { transaction: tx });
    await appendAudit(house, tx, caller, { act: 'change.grant', details: input });
    await remember?.(tx, input);
    return input;
  });
}

async function findFaults(house: House, { organisationCode, catalogueCode }: ChangeGrant): Promise<PointedFault[]> {
  const { organisations, catalogueEntries } = house.db.rows;
  const body = await organisations.findByPk(organisationCode);
  const known = catalogueCode === '*' || (await catalogueEntries.count({ where: { code: catalogueCode } })) > 0;
  return [
    ...(body ? [] : [{ pointer: '/organisationCode', code: 'NOT_FOUND' as const }]),
    ...(known ? [] : [{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' as const }]),
  ];
}

/** All of them, or those of one body. Throws `FORBIDDEN`. */
export async function listChangeGrants(
  house: House,
  caller: Caller,
  organisationCode?: string,
): Promise<{ readonly items: readonly ChangeGrant[] }> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor');
  const rows = await house.db.rows.changeGrants.findAll({
    where: organisationCode ? { organisationCode } : {},
    order: [['id', 'ASC']],
  });
  return { items: rows.map((row) => viewGrant(row.get())) };
}

const viewGrant = ({ organisationCode, catalogueCode, nextStep }: GrantColumns): ChangeGrant => ({
  organisationCode,
  catalogueCode,
  nextStep,
  state: 'given',
});
