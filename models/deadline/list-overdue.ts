/** What is late: clocks that ran out, whether still open or met too late, oldest first. */
import { col, Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import type { DeadlineColumns } from './rows.ts';

export interface OverdueItem {
  readonly kind: DeadlineColumns['kind'];
  readonly subjectId: string;
  /** Case number or objection number. */
  readonly subject: string;
  /** Of a case: the catalogue entry its licence is due under. */
  readonly catalogueCode: string | null;
  readonly organisationCode: string;
  readonly startedAt: string;
  readonly dueAt: string;
  readonly metAt: string | null;
  readonly lateMinutes: number;
  readonly skipped: readonly string[];
  readonly provisional: boolean;
}

export async function listOverdue(house: House, caller: Caller, request: PageRequest = {}): Promise<Page<OverdueItem>> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer');
  await logAccess(house, caller, { act: 'deadline.list' });
  const own = caller.roles.some((role) => role.startsWith('bureau.'))
    ? {}
    : { organisationCode: caller.organisationCode ?? '' };
  const now = house.clock();
  const limit = pageLimit(request);
  const rows = await house.db.rows.deadlines.findAll({
    where: {
      ...own,
      [Op.and]: [
        { [Op.or]: [{ metAt: null, dueAt: { [Op.lt]: now } }, { metAt: { [Op.gt]: col('due_at') } }] },
        ...(request.after ? [laterThan(request.after)] : []),
      ],
    },
    order: [
      ['dueAt', 'ASC'],
      ['id', 'ASC'],
    ],
    limit: limit + 1,
  });
  const names = await nameSubjects(
    house,
    rows.map((row) => row.subjectId),
  );
  const page = toPage(rows, limit, (row) => `${row.dueAt.toISOString()}_${row.id}`);
  const items = page.items.map((row) => ({
    kind: row.kind,
    subjectId: row.subjectId,
    subject: names.get(row.subjectId)?.subject ?? row.subjectId,
    catalogueCode: names.get(row.subjectId)?.catalogueCode ?? null,
    organisationCode: row.organisationCode,
    startedAt: row.startedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    metAt: row.metAt?.toISOString() ?? null,
    lateMinutes: Math.floor(((row.metAt ?? now).getTime() - row.dueAt.getTime()) / 60_000),
    skipped: row.skipped,
    provisional: row.provisional,
  }));
  return { items, next: page.next };
}

/** The cursor is the due time and the id of the last one seen. Throws `FIELD_PATTERN` at `/after` for what is none. */
function laterThan(cursor: string) {
  const [, due = '', last = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9A-Za-z]+)$/.exec(cursor) ?? [];
  const dueAt = new Date(due);
  if (Number.isNaN(dueAt.getTime())) throwFaults([{ pointer: '/after', code: 'FIELD_PATTERN' }]);
  return { [Op.or]: [{ dueAt: { [Op.gt]: dueAt } }, { dueAt, id: { [Op.gt]: last } }] };
}

type Subject = Pick<OverdueItem, 'subject' | 'catalogueCode'>;

async function nameSubjects(house: House, ids: readonly string[]): Promise<Map<string, Subject>> {
  const where = { id: { [Op.in]: [...ids] } };
  const cases = await house.db.rows.cases.findAll({ where });
  const objections = await house.db.rows.objections.findAll({ where });
  return new Map<string, Subject>([
    ...cases.map(({ id, caseNumber, catalogueCode }) => [id, { subject: caseNumber, catalogueCode }] as const),
    ...objections.map(({ id, number }) => [id, { subject: number, catalogueCode: null }] as const),
  ]);
}
