/** Calendars in the form of the package `chinese-days`: `{holidays: {"2027-01-01": "New Year's Day,元旦,1"}, workdays: {…}}`. */
import { z } from 'zod';
import type { CalendarDayColumns } from './rows.ts';
import type { StatedDay, StatedDays } from './stated-day.ts';

const MOST_DAYS = 2000;
const MOST_NAME = 60;

const stated = z
  .record(z.string().max(20), z.string().min(1).max(200))
  .refine((days) => Object.keys(days).length <= MOST_DAYS, `at most ${MOST_DAYS} days`);

export const arrangementSchema = z.object({ holidays: stated, workdays: stated });

/** A name without its commas is taken as it stands. */
export function readArrangement({ holidays, workdays }: z.infer<typeof arrangementSchema>): StatedDays {
  const toDays = (key: string, days: Readonly<Record<string, string>>, kind: CalendarDayColumns['kind']) =>
    Object.entries(days).map(([date, words]): StatedDay => {
      const name = (words.split(',')[1] ?? words).trim().slice(0, MOST_NAME) || words.slice(0, MOST_NAME);
      return {
        date,
        kind,
        name,
        pointer: `/arrangement/${key}/${date.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        place: '',
      };
    });
  const days = [...toDays('holidays', holidays, 'holiday'), ...toDays('workdays', workdays, 'working')];
  return { days, faults: [], ignored: 0 };
}
