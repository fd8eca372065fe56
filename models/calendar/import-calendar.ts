/** Take years of the calendar from a file: the JSON of `chinese-days`, or iCalendar. Nothing is taken of a year that was not asked for,
 *  and a dry run tells what would move. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { isRealDate } from '../kernel/clock.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { judgeYear } from './judge-year.ts';
import { arrangementSchema, readArrangement } from './read-arrangement.ts';
import { readIcal } from './read-ical.ts';
import { replaceYear } from './replace-year.ts';
import type { CalendarChangeColumns } from './rows.ts';
import type { CalendarYearInput } from './save-year.ts';
import type { StatedDay, StatedDays } from './stated-day.ts';

const MOST_YEARS = 30;
const MOST_CHARACTERS = 900_000;

export const calendarImportSchema = z.strictObject({
  years: z.array(z.int().min(1950).max(2200)).min(1).max(MOST_YEARS),
  state: z.enum(['published', 'provisional']).default('published'),
  document: writtenText(190).optional(),
  /** Tell what would change, and change nothing. */
  dryRun: z.boolean().default(false),
  /** One of the two. */
  arrangement: arrangementSchema.optional(),
  ical: z.string().min(1).max(MOST_CHARACTERS).optional(),
});
export type CalendarImport = z.infer<typeof calendarImportSchema>;

export interface ImportedCalendar {
  readonly dryRun: boolean;
  /** Of those asked for, in their order; a year that stays as it is has no changed days and no states. */
  readonly years: readonly ({ readonly year: number } & Pick<
    CalendarChangeColumns,
    'days' | 'states' | 'movedTimes' | 'movedClocks'
  >)[];
  /** Days that the file states of years that were not asked for: they were not taken. */
  readonly leftOut: readonly { readonly year: number; readonly days: number }[];
  /** Events of the file that say nothing of working. */
  readonly ignoredEvents: number;
}

/** Throws `REQUEST_INVALID` with every fault of the file at its place. */
export async function importCalendar(
  house: House,
  caller: Caller,
  input: CalendarImport,
  remember?: Remember<ImportedCalendar>,
): Promise<ImportedCalendar> {
  requireRole(caller, 'bureau.officer');
  const read = readFile(input);
  const years = [...new Set(input.years)].sort((a, b) => a - b);
  const byYear = new Map(years.map((year) => [year, read.days.filter(({ date }) => yearOf(date) === year)]));
  throwFaults([
    ...read.faults,
    ...judgeDates(read.days),
    ...years.flatMap((year) => judge(year, byYear.get(year) ?? [])),
  ]);
  const told = { dryRun: input.dryRun, leftOut: countOthers(read.days, years), ignoredEvents: read.ignored };
  const take = async (tx: Tx): Promise<ImportedCalendar> => {
    const changes: ImportedCalendar['years'][number][] = [];
    for (const year of years) changes.push(await takeYear(house, tx, caller, year, byYear.get(year) ?? [], input));
    return { ...told, years: changes };
  };
  if (input.dryRun) return tryOut(house, caller, take, remember);
  return withTransaction(house.db, async (tx) => {
    const imported = await take(tx);
    await remember?.(tx, imported);
    return imported;
  });
}

function readFile({ arrangement, ical }: CalendarImport): StatedDays {
  if (arrangement && ical === undefined) return readArrangement(arrangement);
  if (ical !== undefined && !arrangement) return readIcal(ical);
  const detail = 'arrangement / ical';
  return { days: [], ignored: 0, faults: [{ pointer: '', code: 'CALENDAR_UNREADABLE', detail }] };
}

const yearOf = (date: string) => Number(date.slice(0, 4));

/** Those of years that were asked for are judged with their year. */
function judgeDates(days: readonly StatedDay[]): PointedFault[] {
  return days
    .filter(({ date }) => !isRealDate(date))
    .map(({ date, pointer, place }) => ({ pointer, code: 'DATE_IMPOSSIBLE', detail: `${place} ${date}`.trim() }));
}

function judge(year: number, stated: readonly StatedDay[]): PointedFault[] {
  const days = stated.filter(({ date }) => isRealDate(date));
  return judgeYear(year, days).map((found) => {
    const [, index] = /^\/days\/(\d+)\/date$/.exec(found.pointer) ?? [];
    const day = index === undefined ? undefined : days[Number(index)];
    return day
      ? { ...found, pointer: day.pointer, detail: `${day.place} ${found.detail ?? ''}`.trim() }
      : { ...found, pointer: '/years' };
  });
}

function countOthers(days: readonly StatedDay[], years: readonly number[]): ImportedCalendar['leftOut'] {
  const counts = new Map<number, number>();
  for (const { date } of days)
    if (!years.includes(yearOf(date))) counts.set(yearOf(date), (counts.get(yearOf(date)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([year, count]) => ({ year, days: count }));
}

async function takeYear(
  house: House,
  tx: Tx,
  caller: Caller,
  year: number,
  stated: readonly StatedDay[],
  { state, document }: CalendarImport,
): Promise<ImportedCalendar['years'][number]> {
  const days = stated.map(({ date, kind, name }) => ({ date, kind, name }));
  const input: CalendarYearInput = { state, days, ...(document === undefined ? {} : { document }) };
  const change = await replaceYear(house, tx, caller, year, input);
  if (!change) return { year, days: [], states: null, movedTimes: 0, movedClocks: 0 };
  const { days: changed, states, movedTimes, movedClocks } = change;
  return { year, days: changed, states, movedTimes, movedClocks };
}

class TriedOut extends Error {
  readonly result: ImportedCalendar;

  constructor(result: ImportedCalendar) {
    super('tried out');
    this.result = result;
  }
}

/** All of it is done, and then undone by the database. */
async function tryOut(
  house: House,
  caller: Caller,
  take: (tx: Tx) => Promise<ImportedCalendar>,
  remember: Remember<ImportedCalendar> | undefined,
): Promise<ImportedCalendar> {
  const result = await withTransaction(house.db, async (tx): Promise<ImportedCalendar> => {
    throw new TriedOut(await take(tx));
  }).catch((error: unknown) => {
    if (error instanceof TriedOut) return error.result;
    throw error;
  });
  await withTransaction(house.db, async (tx) => {
    const years = result.years.map(({ year }) => year);
    await appendAudit(house, tx, caller, { act: 'calendar.save', details: { dryRun: true, years } });
    await remember?.(tx, result);
  });
  return result;
}
