/** The auditor's search: by holder, body, operator, licence, case and time, newest first, paged. The search is
 *  itself logged before it is answered. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { indexHolderNumber } from '../holder/index-number.ts';
import type { Caller, House } from '../house.ts';
import { type Page, pageLimit, toPage } from '../kernel/page.ts';
import { logAccess } from './append-audit.ts';
import type { AuditColumns } from './rows.ts';

export const auditSearchSchema = z.strictObject({
  /** The holder's number travels in a body, never in an address. */
  holderNumber: z.string().max(64).optional(),
  organisationCode: z.string().max(18).optional(),
  actorId: z.string().max(64).optional(),
  licenceId: z.string().max(64).optional(),
  caseNumber: z.string().max(64).optional(),
  act: z.string().max(64).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});
export type AuditSearch = z.infer<typeof auditSearchSchema>;

export type AuditEntry = Omit<AuditColumns, 'at'> & { readonly at: string };

export async function searchAudit(house: House, caller: Caller, search: AuditSearch): Promise<Page<AuditEntry>> {
  requireRole(caller, 'auditor', 'admin.audit');
  const { holderNumber, ...said } = search;
  const holderIndex = holderNumber ? indexHolderNumber(house, holderNumber) : null;
  await logAccess(house, caller, { act: 'audit.search', holderIndex, details: said });
  const limit = pageLimit(search);
  const rows = await house.db.rows.auditEntries.findAll({
    where: toWhere(search, holderIndex),
    order: [['seq', 'DESC']],
    limit: limit + 1,
  });
  const entries = rows.map((row) => ({ ...row.get(), at: row.at.toISOString() }));
  return toPage(entries, limit, (entry) => String(entry.seq));
}

function toWhere(search: AuditSearch, holderIndex: string | null): WhereOptions<AuditColumns> {
  const { organisationCode, actorId, licenceId, caseNumber, act, from, to, after } = search;
  const exact = { organisationCode, actorId, licenceId, caseNumber, act, ...(holderIndex ? { holderIndex } : {}) };
  const conditions: Record<string, unknown> = Object.fromEntries(
    Object.entries(exact).filter(([, value]) => value !== undefined),
  );
  if (after) conditions.seq = { [Op.lt]: Number(after) };
  const time = { ...(from ? { [Op.gte]: new Date(from) } : {}), ...(to ? { [Op.lt]: new Date(to) } : {}) };
  if (from || to) conditions.at = time;
  return conditions as WhereOptions<AuditColumns>;
}
