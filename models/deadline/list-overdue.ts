/** What is late: clocks that ran out, whether still open or met too late, oldest first. */
import { col, Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import type { DeadlineColumns } from './rows.ts';

export interface OverdueItem {
  readonly kind: DeadlineColumns['kind'];
  readonly subjectId: string;
  /** Case number or objection number. */
  readonly subject: string;
  readonly organisationCode: string;
  readonly startedAt: string;
  readonly dueAt: string;
  readonly metAt: string | null;
  readonly lateMinutes: number;
  readonly skipped: readonly string[];
  readonly provisional: boolean;
}

const MOST = 500;

export async function listOverdue(house: House, caller: Caller): Promise<readonly OverdueItem[]> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer');
  await logAccess(house, caller, { act: 'deadline.list' });
  const own = caller.roles.some((role) => role.startsWith('bureau.'))
    ? {}
    : { organisationCode: caller.organisationCode ?? '' };
  const now = house.clock();
  const rows = await house.db.rows.deadlines.findAll({
    where: {
      ...own,
      [Op.or]: [{ metAt: null, dueAt: { [Op.lt]: now } }, { metAt: { [Op.gt]: col('due_at') } }],
    },
    order: [['dueAt', 'ASC']],
    limit: MOST,
  });
  const names = await nameSubjects(
    house,
    rows.map((row) => row.subjectId),
  );
  return rows.map((row) => ({
    kind: row.kind,
    subjectId: row.subjectId,
    subject: names.get(row.subjectId) ?? row.subjectId,
    organisationCode: row.organisationCode,
    startedAt: row.startedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    metAt: row.metAt?.toISOString() ?? null,
    lateMinutes: Math.floor(((row.metAt ?? now).getTime() - row.dueAt.getTime()) / 60_000),
    skipped: row.skipped,
    provisional: row.provisional,
  }));
}

async function nameSubjects(house: House, ids: readonly string[]): Promise<Map<string, string>> {
  const where = { id: { [Op.in]: [...ids] } };
  const cases = await house.db.rows.cases.findAll({ where });
  const objections = await house.db.rows.objections.findAll({ where });
  return new Map([
    ...cases.map((row) => [row.id, row.caseNumber] as const),
    ...objections.map((row) => [row.id, row.number] as const),
  ]);
}
