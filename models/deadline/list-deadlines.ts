/** The law's clocks as they stand, oldest due first: what is late, still running or stopped too late, and what runs out. */
import { QueryTypes } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import { explainWorkingDays, loadCalendar } from '../calendar/index.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { throwFaults } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { instantText, readInstant } from '../store/bulk-values.ts';
import type { Tx } from '../store/with-transaction.ts';
import { ARTICLES } from './articles.ts';
import { nameSubjects } from './name-subjects.ts';
import type { DeadlineColumns } from './rows.ts';

/** warned: the time runs out (amber). overdue: it ran out, whether the clock still runs or was stopped too late (red). */
export const stageSchema = z.enum(['warned', 'overdue']);
export type Stage = z.infer<typeof stageSchema>;

export interface DeadlineItem {
  readonly id: string;
  readonly kind: DeadlineColumns['kind'];
  readonly stage: Stage;
  readonly subjectId: string;
  /** Case number or objection number. */
  readonly subject: string;
  /** Of a case: the catalogue entry its licence is due under. */
  readonly catalogueCode: string | null;
  /** Of a case that was made offline: why; null where nobody said. */
  readonly offlineReason: string | null;
  readonly organisationCode: string;
  /** What was breached, or is about to be. */
  readonly article: string;
  readonly startedAt: string;
  readonly dueAt: string;
  readonly metAt: string | null;
  /** 0 as long as it is not late. */
  readonly lateMinutes: number;
  /** The department's own; null as long as it gave none. */
  readonly lateReason: string | null;
  readonly lateReasonAt: string | null;
  readonly skipped: readonly string[];
  readonly provisional: boolean;
}

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
  return { items: await describeClocks(house, request.stage, asked.now, page.items), next: page.next };
}

interface Asked {
  readonly now: Date;
  readonly body?: string;
  readonly after?: { readonly dueAt: Date; readonly id: string };
  readonly limit: number;
}

export type FoundClock = Pick<
  DeadlineColumns,
  | 'id'
  | 'kind'
  | 'subjectId'
  | 'organisationCode'
  | 'startedAt'
  | 'workingDays'
  | 'dueAt'
  | 'metAt'
  | 'lateReason'
  | 'lateReasonAt'
> & { readonly provisional: boolean };

const COLUMNS = `deadlines.id, kind, subject_id AS subjectId, organisation_code AS organisationCode, started_at AS startedAt,
  deadlines.working_days AS workingDays, met_at AS metAt,
  late_reason AS lateReason, late_reason_at AS lateReasonAt`;

/** By way of the due times, of which there are few. */
function findRunning(house: House, stage: Stage, asked: Asked): Promise<FoundClock[]> {
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

function findStoppedLate(house: House, asked: Asked): Promise<FoundClock[]> {
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

async function find(house: House, sql: string, { now, body, after, limit }: Asked): Promise<FoundClock[]> {
  const text = (instant: Date) => instantText(instant, house.db.dialect);
  const cursor = after ? { dueAt: text(after.dueAt), id: after.id } : {};
  const rows = await house.db.sequelize.query<
    FoundClock & Readonly<Record<'startedAt' | 'dueAt' | 'metAt' | 'lateReasonAt', unknown>>
  >(sql, {
    replacements: { now: text(now), body: body ?? '', limit, ...cursor },
    type: QueryTypes.SELECT,
  });
  return rows.map((row) => ({
    ...row,
    ...{ startedAt: readInstant(row.startedAt), dueAt: readInstant(row.dueAt) },
    ...{ metAt: perhaps(row.metAt), lateReasonAt: perhaps(row.lateReasonAt), provisional: Boolean(row.provisional) },
  }));
}

const perhaps = (value: unknown) => (value === null ? null : readInstant(value));

/** The cursor is the due time and the id of the last one seen. */
function readCursor(cursor: string): { readonly dueAt: Date; readonly id: string } {
  const [, due = '', id = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9A-Za-z]+)$/.exec(cursor) ?? [];
  const dueAt = new Date(due);
  if (Number.isNaN(dueAt.getTime())) throwFaults([{ pointer: '/after', code: 'FIELD_PATTERN' }]);
  return { dueAt, id };
}

/** As they are shown. */
export async function describeClocks(
  house: House,
  stage: Stage,
  now: Date,
  rows: readonly FoundClock[],
  tx?: Tx,
): Promise<DeadlineItem[]> {
  const ids = rows.map(({ subjectId }) => subjectId);
  const names = await nameSubjects(house, ids, tx);
  const first = rows.map(({ startedAt }) => toShanghaiDate(startedAt)).sort()[0];
  const calendar = await loadCalendar(house, tx, first);
  return rows.map((row) => {
    const { id, kind, subjectId, organisationCode, startedAt, dueAt, metAt, lateReason, lateReasonAt } = row;
    const days = explainWorkingDays(calendar, toShanghaiDate(startedAt), row.workingDays);
    const name = names.get(subjectId) ?? { subject: subjectId, catalogueCode: null, offlineReason: null };
    return {
      ...{ id, kind, stage, subjectId, ...name, organisationCode, article: ARTICLES[kind] },
      ...{ startedAt: startedAt.toISOString(), dueAt: dueAt.toISOString(), metAt: metAt?.toISOString() ?? null },
      lateMinutes: Math.max(0, Math.floor(((metAt ?? now).getTime() - dueAt.getTime()) / 60_000)),
      ...{ lateReason, lateReasonAt: lateReasonAt?.toISOString() ?? null },
      skipped: days.filter(({ counts }) => !counts).map(({ date }) => date),
      provisional: row.provisional,
    };
  });
}
