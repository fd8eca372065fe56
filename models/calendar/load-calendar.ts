/** The calendar as it is kept now: a few hundred days. */
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { WorkingCalendar } from './working-days.ts';

export async function loadCalendar({ db }: Pick<House, 'db'>, tx?: Tx): Promise<WorkingCalendar> {
  const days = await readRows(db.rows.calendarDays, { where: {}, tx });
  const years = await readRows(db.rows.calendarYears, { where: { state: 'published' }, tx });
  return {
    days: new Map(days.map(({ date, kind, name }) => [date, { kind, name }])),
    publishedYears: new Set(years.map(({ year }) => year)),
  };
}
