/** What is told of a year of the calendar, and of its changes. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { CalendarChangeColumns, CalendarDayColumns, CalendarYearColumns } from './rows.ts';

export interface CalendarYearView extends CalendarYearColumns {
  readonly days: readonly CalendarDayColumns[];
  readonly changes: readonly (Omit<CalendarChangeColumns, 'id' | 'year' | 'changedAt'> & {
    readonly changedAt: string;
  })[];
}

const [FIRST, LAST] = [1950, 2200] as const;

/** May the calendar have this year? */
export function isCalendarYear(year: number): boolean {
  return Number.isInteger(year) && year >= FIRST && year <= LAST;
}

/** Throws `NOT_FOUND` for what is no year. */
export function requireYear(year: number): void {
  if (!isCalendarYear(year)) throw new Fault('NOT_FOUND');
}

/** Throws `NOT_FOUND` for a year of which no arrangement is known. */
export async function viewYear(house: House, year: number, tx?: Tx): Promise<CalendarYearView> {
  requireYear(year);
  const { calendarDays, calendarYears, calendarChanges } = house.db.rows;
  const [row] = await readRows(calendarYears, { where: { year }, tx });
  if (!row) throw new Fault('NOT_FOUND', { detail: String(year) });
  const range: [string, string] = [`${year}-01-01`, `${year}-12-31`];
  const days = await readRows(calendarDays, {
    ...{ where: { date: { [Op.between]: range } }, order: [['date', 'ASC']] as [string, string][], tx },
  });
  const changes = await readRows(calendarChanges, {
    ...{ where: { year }, order: [['id', 'ASC']] as [string, string][], tx },
  });
  return {
    ...row,
    days,
    changes: changes.map(({ id: _, year: __, changedAt, ...change }) => ({
      ...change,
      changedAt: changedAt.toISOString(),
    })),
  };
}

export interface CalendarView {
  readonly years: readonly CalendarYearColumns[];
  /** True from December on, as long as the next year has no published arrangement: nobody knows its working days. It stays true when
   *  that year has begun. */
  readonly nextYearMissing: boolean;
  /** Which year that is; null: none is missing. */
  readonly missingYear: number | null;
}

export async function viewCalendar(house: House): Promise<CalendarView> {
  const years = await readRows(house.db.rows.calendarYears, { where: {}, order: [['year', 'ASC']] });
  const missingYear = findMissingYear(years, house.clock());
  return { years, nextYearMissing: missingYear !== null, missingYear };
}

const DECEMBER = 12;

/** The first year, of this one and from December on of the next, that has no published arrangement. */
function findMissingYear(years: readonly CalendarYearColumns[], now: Date): number | null {
  const [year = 0, month = 0] = toShanghaiDate(now).split('-').map(Number);
  const needed = month < DECEMBER ? [year] : [year, year + 1];
  return needed.find((one) => !years.some((row) => row.year === one && row.state === 'published')) ?? null;
}
