/** Fill an empty calendar from the State Council's arrangements that `chinese-days` carries. */
import { createRequire } from 'node:module';
import type { House } from '../house.ts';
import { insertRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { CalendarDayColumns } from './rows.ts';

interface ArrangedYear {
  readonly holidays: Readonly<Record<string, string>>;
  readonly workdays: Readonly<Record<string, string>>;
}

/** The first that the package has. */
const FIRST_YEAR = 2004;
const LAST_YEAR = FIRST_YEAR + 60;

/** A year the package does not have stays without an arrangement rather than guessed.
 *  @returns how many years were filled; 0 when there were any */
export async function seedCalendar({ db }: Pick<House, 'db'>): Promise<number> {
  const { calendarDays, calendarYears } = db.rows;
  if ((await calendarYears.count()) > 0) return 0;
  const years = readPublishedYears();
  await withTransaction(db, async (tx) => {
    const rows = [...years.keys()].map((year) => ({
      ...{ year, source: 'chinese-days', state: 'published' as const, document: null },
    }));
    await insertRows(db, tx, calendarYears, rows);
    await insertRows(db, tx, calendarDays, [...years.values()].flatMap(arrangedDays));
  });
  return years.size;
}

/** In the form of the package: `{holidays: {date: "English,中文,days"}, workdays: …}`. */
export function arrangedDays({ holidays, workdays }: ArrangedYear): CalendarDayColumns[] {
  return [...toDays(holidays, 'holiday'), ...toDays(workdays, 'working')];
}

function toDays(stated: Readonly<Record<string, string>>, kind: CalendarDayColumns['kind']): CalendarDayColumns[] {
  return Object.entries(stated).map(([date, words]) => ({ date, kind, name: words.split(',')[1] ?? words }));
}

function readPublishedYears(): Map<number, ArrangedYear> {
  const require = createRequire(import.meta.url);
  const years = new Map<number, ArrangedYear>();
  for (let year = FIRST_YEAR; year < LAST_YEAR; year += 1) {
    try {
      const arranged = require(`chinese-days/dist/years/${year}.json`) as ArrangedYear;
      if (Object.keys(arranged.holidays).length > 0) years.set(year, arranged);
    } catch {
      // The package has no file for this year: not published when it was made.
    }
  }
  return years;
}
