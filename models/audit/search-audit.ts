/** The auditor's search: by holder, body, operator, licence, case and time, newest first, paged. The search is
 *  itself logged before it is answered. An entry about several licences is found by each, and by each of their holders. */
import { literal, Op, type WhereOptions } from 'sequelize';
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
  /** Who acted: login name of a person, or id of a person or system. */
  operator: z.string().max(64).optional(),
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

export type AuditEntry = Omit<AuditColumns, 'at'> & {
  readonly at: string;
  /** Login name of a person, name of a system; null for the public and for an account that is none. */
  readonly actorName: string | null;
};

/** A search whose words are resolved: ids and blind indexes in place of names and numbers. */
interface Resolved extends Omit<AuditSearch, 'holderNumber' | 'operator' | 'limit'> {
  readonly holderIndex: string | null;
  readonly operatorId?: string;
}

export async function searchAudit(house: House, caller: Caller, search: AuditSearch): Promise<Page<AuditEntry>> {
  requireRole(caller, 'auditor', 'admin.audit');
  const { holderNumber, operator, limit: asked, ...said } = search;
  const operatorId = operator === undefined ? {} : { operatorId: await findOperator(house, operator) };
  const holderIndex = holderNumber ? indexHolderNumber(house, holderNumber) : null;
  const details = { ...said, ...operatorId, ...(asked ? { limit: asked } : {}) };
  await logAccess(house, caller, { act: 'audit.search', holderIndex, details });
  const limit = pageLimit(search);
  const rows = await house.db.rows.auditEntries.findAll({
    where: toWhere(house, { ...said, ...operatorId, holderIndex }),
    order: [['seq', 'DESC']],
    limit: limit + 1,
  });
  const names = await nameActors(house, rows);
  const entries = rows.map((row) => ({
    ...row.get(),
    at: row.at.toISOString(),
    actorName: names.get(`${row.actorType}:${row.actorId}`) ?? null,
  }));
  return toPage(entries, limit, (entry) => String(entry.seq));
}

async function findOperator(house: House, operator: string): Promise<string> {
  const user = await house.db.rows.users.findOne({ where: { loginName: operator }, attributes: ['id'] });
  return user?.id ?? operator;
}

/** Keys are actor type and id. */
async function nameActors(house: House, rows: readonly Pick<AuditColumns, 'actorType' | 'actorId'>[]) {
  const { applications, users } = house.db.rows;
  const idsOf = (type: AuditColumns['actorType']) => [
    ...new Set(rows.filter(({ actorType }) => actorType === type).map(({ actorId }) => actorId)),
  ];
  const people = await users.findAll({ where: { id: idsOf('person') }, attributes: ['id', 'loginName'] });
  const systems = await applications.findAll({ where: { id: idsOf('system') }, attributes: ['id', 'name'] });
  return new Map<string, string>([
    ...people.map(({ id, loginName }) => [`person:${id}`, loginName] as const),
    ...systems.map(({ id, name }) => [`system:${id}`, name] as const),
  ]);
}

function toWhere(house: House, search: Resolved): WhereOptions<AuditColumns> {
  const { organisationCode, actorId, operatorId, licenceId, caseNumber, act, from, to, after, holderIndex } = search;
  const exact = Object.entries({ organisationCode, actorId, caseNumber, act });
  const conditions: unknown[] = exact
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ [key]: value }));
  if (operatorId !== undefined) conditions.push({ actorId: operatorId });
  if (licenceId !== undefined) conditions.push(concerning(house, 'licence', licenceId));
  if (holderIndex) conditions.push(concerning(house, 'holder', holderIndex));
  if (after) conditions.push({ seq: { [Op.lt]: Number(after) } });
  if (from) conditions.push({ at: { [Op.gte]: new Date(from) } });
  if (to) conditions.push({ at: { [Op.lt]: new Date(to) } });
  return { [Op.and]: conditions } as WhereOptions<AuditColumns>;
}

const OWN_COLUMN = { licence: 'licence_id', holder: 'holder_index' } as const;

/** By the entry's own column or by a further subject. One derived list, so that every database begins with it. */
function concerning(house: House, kind: keyof typeof OWN_COLUMN, value: string) {
  const quoted = house.db.sequelize.escape(value);
  const own = `SELECT seq FROM audit_entries WHERE ${OWN_COLUMN[kind]} = ${quoted}`;
  const further = `SELECT seq FROM audit_subjects WHERE kind = '${kind}' AND value = ${quoted}`;
  return { seq: { [Op.in]: literal(`(SELECT seq FROM (${own} UNION ${further}) AS concerned)`) } };
}
