/** Register credentials of a client: a system of a body, or a script that acts in one person's name. The secret is
 *  shown once and kept as a digest. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { requireRole } from './require-role.ts';
import { ROLES, type Role } from './roles.ts';

/** Scopes a system may hold by itself. Review is done by persons and signed rules, never by a system. */
const SYSTEM_SCOPES: readonly Role[] = ROLES.filter(
  (role) => !role.startsWith('admin.') && role !== 'holder' && role !== 'issuer.reviewer',
);

/** Host names, with a port where it is not 443. */
export const returnHostsSchema = z
  .array(
    z
      .string()
      .regex(
        /^(?=.{1,253}(?::\d{1,5})?$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?$/,
      ),
  )
  .max(20);

export const applicationSchema = z
  .strictObject({
    name: writtenText(120),
    /** The body whose system it is; or `loginName`. */
    organisationCode: z.string().length(18).optional(),
    /** The person in whose name it acts, with no more than their roles. */
    loginName: z.string().max(60).optional(),
    scopes: z.array(z.enum(ROLES)).min(1),
    returnHosts: returnHostsSchema.optional(),
  })
  .refine(({ organisationCode, loginName }) => (organisationCode === undefined) !== (loginName === undefined), {
    path: ['organisationCode'],
    message: 'either organisationCode or loginName',
  });
type ApplicationInput = z.infer<typeof applicationSchema>;

export interface ApplicationView {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly organisationCode: string;
  readonly scopes: readonly Role[];
}

export async function saveApplication(
  house: House,
  caller: Caller,
  input: z.infer<typeof applicationSchema>,
  remember?: Remember<ApplicationView>,
): Promise<ApplicationView> {
  requireRole(caller, 'admin.security');
  const { organisationCode, userId, allowed } = await findOwner(house, input);
  throwFaults(
    input.scopes.flatMap((scope, index) =>
      allowed.includes(scope) ? [] : [{ pointer: `/scopes/${index}`, code: 'FORBIDDEN' as const, detail: scope }],
    ),
  );
  const { name, scopes } = input;
  const clientId = house.newId();
  const clientSecret = toBase32(house.random(32));
  const view: ApplicationView = { name, organisationCode, scopes, clientId, clientSecret };
  const common = {
    id: clientId,
    name,
    organisationCode,
    userId,
    scopes,
    secretDigest: sm3Hex(clientSecret),
    returnHosts: input.returnHosts ?? null,
  };
  await withTransaction(house.db, async (tx) => {
    const row = { ...common, state: 'active' as const, createdAt: house.clock() };
    await house.db.rows.applications.create(row, { transaction: tx });
    await appendAudit(house, tx, caller, { act: 'account.manage', details: { clientId, userId, scopes } });
    await remember?.(tx, view);
  });
  return view;
}

interface Owner {
  readonly organisationCode: string;
  readonly userId: string | null;
  readonly allowed: readonly Role[];
}

async function findOwner(house: House, { organisationCode, loginName }: ApplicationInput): Promise<Owner> {
  const { organisations, users } = house.db.rows;
  if (loginName !== undefined) {
    const user = await users.findOne({ where: { loginName, state: 'active' } });
    if (!user) throwFaults([missing('/loginName')]);
    return { organisationCode: user?.organisationCode ?? '', userId: user?.id ?? null, allowed: user?.roles ?? [] };
  }
  const body = await organisations.findByPk(organisationCode ?? '');
  if (!body) throwFaults([missing('/organisationCode')]);
  return { organisationCode: organisationCode ?? '', userId: null, allowed: SYSTEM_SCOPES };
}

const missing = (pointer: string): PointedFault => ({ pointer, code: 'NOT_FOUND' });
