/** The table of departments by how well they keep the deadlines of pushing, over the cases that were closed in a period.
 *  Every case counts once, by its own clock. */
import { QueryTypes } from 'sequelize';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { endOfShanghaiDate, isRealDate, startOfShanghaiDate } from '../kernel/clock.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { instantText } from '../store/bulk-values.ts';
import { pastJoin } from './keep-past.ts';
import { minutesBetween } from './minutes-between.ts';

/** Days in Asia/Shanghai, YYYY-MM-DD, both included. */
export const leagueQuery = z.strictObject({ from: z.string().max(20), to: z.string().max(20) });
export type Period = z.infer<typeof leagueQuery>;

export interface LeagueRow {
  readonly organisationCode: string;
  readonly name: string;
  /** Cases closed in the period that have a clock: all of the following together. */
  readonly closed: number;
  readonly inTime: number;
  /** Pushed after the deadline. */
  readonly late: number;
  /** Not pushed, the deadline passed. */
  readonly overdue: number;
  /** Not pushed, within the deadline. */
  readonly running: number;
  /** Of those late and overdue; null when there are none. */
  readonly medianLateMinutes: number | null;
  readonly mostLateMinutes: number | null;
  /** Late or overdue, and the department has said why. */
  readonly explained: number;
  /** Made offline, and nobody said why. */
  readonly withoutOfflineReason: number;
  /** Of those whose deadline is decided, 0 to 1; null when there are none. */
  readonly shareInTime: number | null;
  /** From 1, by the share; the same share has the same rank. Null without a share. */
  readonly rank: number | null;
}

export interface League extends Period {
  readonly items: readonly LeagueRow[];
}

/** All departments for the bureau; a department is shown its own row, with its rank among all. Throws `DATE_IMPOSSIBLE`,
 *  `PERIOD_BACKWARDS`. */
export async function tellLeague(house: House, caller: Caller, period: Period): Promise<League> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer');
  const all = caller.type === 'house' || caller.roles.some((role) => role.startsWith('bureau.'));
  const own = all ? null : requireOrganisation(caller);
  throwFaults(judgePeriod(period));
  await logAccess(house, caller, { act: 'deadline.list', details: { ...period } });
  const rows = await computeLeague(house, period);
  return { ...period, items: rows.filter(({ organisationCode }) => own === null || organisationCode === own) };
}

function judgePeriod({ from, to }: Period): PointedFault[] {
  const dates = Object.entries({ from, to }).filter(([, date]) => !isRealDate(date));
  if (dates.length > 0)
    return dates.map(([key, date]) => ({ pointer: `/${key}`, code: 'DATE_IMPOSSIBLE', detail: date }));
  return to < from ? [{ pointer: '/to', code: 'PERIOD_BACKWARDS' }] : [];
}

/** Best first; those without a share last.
 *  @param at as it stood then; what came later is not in it */
export async function computeLeague(house: House, { from, to }: Period, at?: Date): Promise<LeagueRow[]> {
  const sums = await sumClocks(house, startOfShanghaiDate(from), endOfShanghaiDate(to), at);
  const organisations = await house.db.rows.organisations.findAll({ attributes: ['code', 'name'], raw: true });
  const names = new Map(organisations.map(({ code, name }) => [code, name]));
  const rows = sums.map((sum) => {
    const decided = sum.inTime + sum.late + sum.overdue;
    const shareInTime = decided === 0 ? null : sum.inTime / decided;
    return { ...sum, name: names.get(sum.organisationCode) ?? sum.organisationCode, shareInTime };
  });
  rows.sort(
    (a, b) => (b.shareInTime ?? -1) - (a.shareInTime ?? -1) || (a.organisationCode < b.organisationCode ? -1 : 1),
  );
  return rows.map((row) => {
    const { shareInTime } = row;
    const rank = shareInTime === null ? null : rows.findIndex((other) => other.shareInTime === shareInTime) + 1;
    return { ...row, rank };
  });
}

/** Everything that is known counts. */
const EVER = new Date('9999-01-01T00:00:00Z');

type Sum = Omit<LeagueRow, 'name' | 'shareInTime' | 'rank'>;

async function sumClocks(house: House, from: Date, before: Date, at = EVER): Promise<Sum[]> {
  const { dialect, sequelize } = house.db;
  const text = (instant: Date) => instantText(instant, dialect);
  const rows = await sequelize.query<Record<keyof Sum, string | number | null>>(sumSql(dialect), {
    replacements: {
      from: text(from),
      before: text(before),
      now: text(at < house.clock() ? at : house.clock()),
      at: text(at),
    },
    type: QueryTypes.SELECT,
  });
  const perhaps = (value: string | number | null) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    ...{ organisationCode: String(row.organisationCode), closed: Number(row.closed), inTime: Number(row.inTime) },
    ...{ late: Number(row.late), overdue: Number(row.overdue), running: Number(row.running) },
    medianLateMinutes: perhaps(row.medianLateMinutes),
    mostLateMinutes: perhaps(row.mostLateMinutes),
    ...{ explained: Number(row.explained), withoutOfflineReason: Number(row.withoutOfflineReason) },
  }));
}

const sumSql = (dialect: 'sqlite' | 'mysql') => `
  WITH stood AS (
    SELECT deadlines.organisation_code AS body, cases.mode, cases.offline_reason,
      CASE WHEN late_reason_at <= :at THEN late_reason END AS late_reason,
      CASE WHEN past.id IS NULL THEN deadlines.met_at ELSE past.met_at END AS met,
      CASE WHEN past.id IS NOT NULL THEN past.due_at
        WHEN deadlines.met_at IS NULL THEN due_times.due_at ELSE deadlines.due_at END AS due
    FROM deadlines JOIN due_times ON due_times.id = deadlines.due_time
      LEFT JOIN cases ON cases.id = deadlines.subject_id ${pastJoin('deadlines.id', ':at')}
    WHERE deadlines.started_at >= :from AND deadlines.started_at < :before
      AND CASE WHEN past.id IS NULL THEN deadlines.opened_at ELSE past.opened_at END <= :at
      AND kind IN ('offline-push', 'batch-push')
      AND (deadlines.withdrawn_at IS NULL OR deadlines.withdrawn_at > :at)
  ), clocks AS (
    SELECT stood.*, CASE WHEN met > :at THEN NULL ELSE met END AS met_at,
      CASE WHEN met IS NULL OR met > :at THEN CASE WHEN due < :now THEN 'overdue' ELSE 'running' END
        WHEN met > due THEN 'late' ELSE 'in-time' END AS stand
    FROM stood
  ), judged AS (
    SELECT clocks.*, CASE WHEN stand IN ('late', 'overdue') THEN 1 ELSE 0 END AS breached,
      ${minutesBetween(dialect, 'due', 'COALESCE(met_at, :now)')} AS minutes
    FROM clocks
  ), placed AS (
    SELECT judged.*, ROW_NUMBER() OVER (PARTITION BY body, breached ORDER BY minutes) AS place,
      COUNT(*) OVER (PARTITION BY body, breached) AS breaches
    FROM judged
  )
  SELECT body AS organisationCode, COUNT(*) AS closed,
    SUM(CASE WHEN stand = 'in-time' THEN 1 ELSE 0 END) AS inTime,
    SUM(CASE WHEN stand = 'late' THEN 1 ELSE 0 END) AS late,
    SUM(CASE WHEN stand = 'overdue' THEN 1 ELSE 0 END) AS overdue,
    SUM(CASE WHEN stand = 'running' THEN 1 ELSE 0 END) AS running,
    AVG(CASE WHEN breached = 1 AND place * 2 IN (breaches, breaches + 1, breaches + 2) THEN minutes END) AS medianLateMinutes,
    MAX(CASE WHEN breached = 1 THEN minutes END) AS mostLateMinutes,
    SUM(CASE WHEN breached = 1 AND late_reason IS NOT NULL THEN 1 ELSE 0 END) AS explained,
    SUM(CASE WHEN mode = 'offline' AND offline_reason IS NULL THEN 1 ELSE 0 END) AS withoutOfflineReason
  FROM placed GROUP BY body ORDER BY body`;
