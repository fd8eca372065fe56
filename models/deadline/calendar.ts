/** The working-day calendar as stored; seeded from the State Council's arrangements that `chinese-days` carries. */
import { createRequire } from 'node:module';
import type { House } from '../house.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { WorkingCalendar } from './working-days.ts';

export async function loadCalendar(house: Pick<House, 'db'>, tx?: Tx): Promise<WorkingCalendar> {
  const { calendarDays, calendarYears } = house.db.rows;
  const options = tx ? { transaction: tx } : {};
  const days = await calendarDays.findAll(options);
  const years = await calendarYears.findAll(options);
  return {
    days: new Map(days.map((day) => [day.date, day.kind])),
    publishedYears: new Set(years.map((year) => year.year)),
  };
}

interface ArrangedYear {
  readonly holidays: Readonly<Record<string, string>>;
  readonly workdays: Readonly<Record<string, string>>;
}

const FIRST_YEAR = 2018;

/** Fill an empty calendar; a year the package does not have stays unpublished rather than guessed. */
export async function seedCalendar(house: Pick<House, 'db'>): Promise<number> {
  const { calendarDays, calendarYears } = house.db.rows;
  if ((await calendarYears.count()) > 0) return 0;
  const years = readPublishedYears();
  await withTransaction(house.db, async (tx) => {
    for (const [year, arranged] of years) {
      const days = [...toDays(arranged.holidays, 'holiday'), ...toDays(arranged.workdays, 'working')];
      await calendarYears.create({ year, source: 'chinese-days' }, { transaction: tx });
      await calendarDays.bulkCreate(days, { transaction: tx });
    }
  });
  return years.size;
}

function toDays(stated: Readonly<Record<string, string>>, kind: 'holiday' | 'working') {
  return Object.entries(stated).map(([date, words]) => ({ date, kind, name: words.split(',')[1] ?? words }));
}

function readPublishedYears(): Map<number, ArrangedYear> {
  const require = createRequire(import.meta.url);
  const years = new Map<number, ArrangedYear>();
  for (let year = FIRST_YEAR; year < FIRST_YEAR + 30; year += 1) {
    try {
      const arranged = require(`chinese-days/dist/years/${year}.json`) as ArrangedYear;
      if (Object.keys(arranged.holidays).length > 0) years.set(year, arranged);
    } catch {
      // The package has no file for this year: not published when it was made.
    }
  }
  return years;
}
