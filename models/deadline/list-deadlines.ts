/** The law's clocks as they stand, oldest due first: what is late, still running or stopped too late, and what runs out. */
import { Op, QueryTypes } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import { explainWorkingDays, loadCalendar } from '../calendar/index.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { throwFaults } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { instantText, readInstant } from '../store/bulk-values.ts';
import type { DeadlineColumns } from './rows.ts';

/** warned: the time runs out (amber). overdue: it ran out, whether the clock still runs or was stopped too late (red). */
export const stageSchema = z.enum(['warned', 'overdue']);
export type Stage = z.infer<typeof stageSchema>;

export interface DeadlineItem {
  readonly kind: DeadlineColumns['kind'];
  readonly stage: Stage;
  readonly subjectId: string;
  /** Case number or objection number. */
  readonly subject: string;
  /** Of a case: the catalogue entry its licence is due under. */
  readonly catalogueCode: string | null;
  readonly organisationCode: string;
  /** What was breached, or is about to be. */
  readonly article: string;
  readonly startedAt: string;
  readonly dueAt: string;
  readonly metAt: string | null;
  /** 0 as long as it is not late. */
  readonly lateMinutes: number;
  readonly skipped: readonly string[];
  readonly provisional: boolean;
}

/** The city's measures of 2019. */
export const ARTICLES: Readonly<Record<DeadlineColumns['kind'], string>> = {
  'offline-push': '第十一条第二款',
  'batch-push': '第十一条第三款',
  objection: '第二十条',
};

export function listOverdue(house: House, caller: Caller, request: PageRequest = {}): Promise<Page<DeadlineItem>> {
  return listDeadlines(house, caller, { ...request, stage: 'overdue' });
}

/** Their own, but for the bureau, which sees all. Throws `FIELD_PATTERN` at `/after` for what is no cursor. */
export async function listDeadlines(
  house: House,
  caller: Caller,
  request: PageRequest & { readonly stage: Stage },
): Promise<Page<DeadlineItem>> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer');
  await logAccess(house, caller, { act: 'deadline.list' });
  const limit = pageLimit(request);
  const asked: Asked = {
    now: house.clock(),
    ...(caller.roles.some((role) => role.startsWith('bureau.')) ? {} : { body: caller.organisationCode ?? '' }),
    ...(request.after ? { after: readCursor(request.after) } : {}),
    limit: limit + 1,
  };
  const lists = await Promise.all([
    findRunning(house, request.stage, asked),
    request.stage === 'overdue' ? findStoppedLate(house, asked) : [],
  ]);
  const rows = lists.flat().sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1));
  const page = toPage(rows, limit, (row) => `${row.dueAt.toISOString()}_${row.id}`);
  return { items: await describe(house, request.stage, asked.now, page.items), next: page.next };
}

interface Asked {
  readonly now: Date;
  readonly body?: string;
  readonly after?: { readonly dueAt: Date; readonly id: string };
  readonly limit: number;
}

type Found = Pick<
  DeadlineColumns,
  'id' | 'kind' | 'subjectId' | 'organisationCode' | 'startedAt' | 'workingDays' | 'dueAt' | 'metAt'
> & { readonly provisional: boolean };

const COLUMNS = `deadlines.id, kind, subject_id AS subjectId, organisation_code AS organisationCode, started_at AS startedAt,
  deadlines.working_days AS workingDays, met_at AS metAt`;

/** By way of the due times, of which there are few. */
function findRunning(house: House, stage: Stage, asked: Asked): Promise<Found[]> {
  const due =
    stage === 'overdue' ? 'due_times.due_at < :now' : 'due_times.warn_at <= :now AND due_times.due_at >= :now';
  return find(
    house,
    `SELECT ${COLUMNS}, due_times.due_at AS dueAt, due_times.provisional AS provisional
     FROM due_times JOIN deadlines ON deadlines.due_time = due_times.id AND met_at IS NULL
     WHERE ${due} ${bounds('due_times.due_at', asked)}
     ORDER BY due_times.due_at, deadlines.id LIMIT :limit`,
    asked,
  );
}

function findStoppedLate(house: House, asked: Asked): Promise<Found[]> {
  return find(
    house,
    `SELECT ${COLUMNS}, due_at AS dueAt, 0 AS provisional FROM deadlines
     WHERE late = 1 ${bounds('due_at', asked)} ORDER BY due_at, id LIMIT :limit`,
    asked,
  );
}

function bounds(due: string, { body, after }: Asked): string {
  const own = body === undefined ? '' : 'AND organisation_code = :body';
  return after ? `${own} AND (${due} > :dueAt OR (${due} = :dueAt AND deadlines.id > :id))` : own;
}

async function find(house: House, sql: string, { now, body, after, limit }: Asked): Promise<Found[]> {
  const text = (instant: Date) => instantText(instant, house.db.dialect);
  const cursor = after ? { dueAt: text(after.dueAt), id: after.id } : {};
  const rows = await house.db.sequelize.query<Found & Readonly<Record<'startedAt' | 'dueAt' | 'metAt', unknown>>>(sql, {
    replacements: { now: text(now), body: body ?? '', limit, ...cursor },
    type: QueryTypes.SELECT,
  });
  return rows.map((row) => ({
    ...row,
    ...{ startedAt: readInstant(row.startedAt), dueAt: readInstant(row.dueAt) },
    ...{ metAt: row.metAt === null ? null : readInstant(row.metAt), provisional: Boolean(row.provisional) },
  }));
}

/** The cursor is the due time and the id of the last one seen. */
function readCursor(cursor: string): { readonly dueAt: Date; readonly id: string } {
  const [, due = '', id = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9A-Za-z]+)$/.exec(cursor) ?? [];
  const dueAt = new Date(due);
  if (Number.isNaN(dueAt.getTime())) throwFaults([{ pointer: '/after', code: 'FIELD_PATTERN' }]);
  return { dueAt, id };
}

async function describe(house: House, stage: Stage, now: Date, rows: readonly Found[]): Promise<DeadlineItem[]> {
  const names = await nameSubjects(
    house,
    rows.map(({ subjectId }) => subjectId),
  );
  const calendar = await loadCalendar(house);
  return rows.map(({ kind, subjectId, organisationCode, startedAt, workingDays, dueAt, metAt, provisional }) => {
    const days = explainWorkingDays(calendar, toShanghaiDate(startedAt), workingDays);
    return {
      ...{ kind, stage, subjectId, subject: names.get(subjectId)?.subject ?? subjectId },
      catalogueCode: names.get(subjectId)?.catalogueCode ?? null,
      ...{ organisationCode, article: ARTICLES[kind], startedAt: startedAt.toISOString(), dueAt: dueAt.toISOString() },
      metAt: metAt?.toISOString() ?? null,
      lateMinutes: Math.max(0, Math.floor(((metAt ?? now).getTime() - dueAt.getTime()) / 60_000)),
      skipped: days.filter(({ counts }) => !counts).map(({ date }) => date),
      provisional,
    };
  });
}

type Subject = Pick<DeadlineItem, 'subject' | 'catalogueCode'>;

async function nameSubjects(house: House, ids: readonly string[]): Promise<Map<string, Subject>> {
  const where = { id: { [Op.in]: [...ids] } };
  const cases = await house.db.rows.cases.findAll({ where });
  const objections = await house.db.rows.objections.findAll({ where });
  return new Map<string, Subject>([
    ...cases.map(({ id, caseNumber, catalogueCode }) => [id, { subject: caseNumber, catalogueCode }] as const),
    ...objections.map(({ id, number }) => [id, { subject: number, catalogueCode: null }] as const),
  ]);
}
