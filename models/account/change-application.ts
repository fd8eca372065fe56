/** Disable or enable a system's credentials, or say to which hosts the fill page may lead back. Its tokens end with it, at once. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { requireRole } from './require-role.ts';
import type { Role } from './roles.ts';
import { returnHostsSchema } from './save-application.ts';

export const applicationChangeSchema = z
  .strictObject({ state: z.enum(['active', 'disabled']).optional(), returnHosts: returnHostsSchema.optional() })
  .refine(({ state, returnHosts }) => state !== undefined || returnHosts !== undefined, { path: ['state'] });

export interface ChangedApplication {
  readonly clientId: string;
  readonly name: string;
  readonly organisationCode: string;
  readonly scopes: readonly Role[];
  readonly returnHosts: readonly string[];
  readonly state: 'active' | 'disabled';
}

/** Throws `NOT_FOUND`. */
export async function changeApplication(
  house: House,
  caller: Caller,
  clientId: string,
  { state: next, returnHosts }: z.infer<typeof applicationChangeSchema>,
  remember?: Remember<ChangedApplication>,
): Promise<ChangedApplication> {
  requireRole(caller, 'admin.security');
  const { accessTokens, applications } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const row = await applications.findByPk(clientId, { transaction: tx, lock: true });
    if (!row) throw new Fault('NOT_FOUND');
    const change = { ...(next ? { state: next } : {}), ...(returnHosts ? { returnHosts } : {}) };
    await row.update(change, { transaction: tx });
    if (next === 'disabled') await accessTokens.destroy({ where: { applicationId: clientId }, transaction: tx });
    await appendAudit(house, tx, caller, { act: 'account.manage', details: { clientId, ...change } });
    const { name, organisationCode, scopes, state } = row;
    const changed: ChangedApplication = {
      ...{ clientId, name, organisationCode, scopes, state, returnHosts: row.returnHosts ?? [] },
    };
    await remember?.(tx, changed);
    return changed;
  });
}
