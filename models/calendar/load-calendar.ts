/** The calendar as it is kept now: thirty days of each year, of all years some eight hundred. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { WorkingCalendar } from './working-days.ts';

/** @param from YYYY-MM-DD: nothing before it is asked for; left out: all */
export async function loadCalendar({ db }: Pick<House, 'db'>, tx?: Tx, from?: string): Promise<WorkingCalendar> {
  const where = from === undefined ? {} : { date: { [Op.gte]: from } };
  const days = await readRows(db.rows.calendarDays, { where, tx });
  const years = await readRows(db.rows.calendarYears, { where: { state: 'published' }, tx });
  return {
    days: new Map(days.map(({ date, kind, name }) => [date, { kind, name }])),
    publishedYears: new Set(years.map(({ year }) => year)),
  };
}
