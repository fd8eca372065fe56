/** Register a system that calls with its own credentials. The secret is shown once and kept as a digest. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { throwFaults } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { requireRole } from './require-role.ts';
import { ROLES, type Role } from './roles.ts';

const APPLICATION_SCOPES = ROLES.filter((role) => !role.startsWith('admin.') && role !== 'holder');

export const applicationSchema = z.strictObject({
  name: z.string().min(1).max(120),
  organisationCode: z.string().length(18),
  scopes: z.array(z.enum(APPLICATION_SCOPES)).min(1),
});

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
  const { applications, organisations } = house.db.rows;
  if (!(await organisations.findByPk(input.organisationCode))) {
    throwFaults([{ pointer: '/organisationCode', code: 'NOT_FOUND' }]);
  }
  const clientId = house.newId();
  const clientSecret = toBase32(house.random(32));
  const view: ApplicationView = { ...input, clientId, clientSecret };
  await withTransaction(house.db, async (tx) => {
    await applications.create(
      { ...input, id: clientId, secretDigest: sm3Hex(clientSecret), state: 'active', createdAt: house.clock() },
      { transaction: tx },
    );
    await appendAudit(house, tx, caller, { act: 'account.manage', details: { clientId, scopes: input.scopes } });
    await remember?.(tx, view);
  });
  return view;
}
