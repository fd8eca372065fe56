/** May this be the arrangement of a year? Every fault at once, each pointing to the day. */
import { addDays, isRealDate } from '../kernel/clock.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { holidaysByLaw } from './holidays-by-law.ts';
import type { CalendarDayColumns } from './rows.ts';
import { isWeekend } from './working-days.ts';

/** How far from a holiday the day off in its stead may lie, when it falls on a weekend. */
const MOST_DAYS_OFF = 3;

/** Gives `DATE_IMPOSSIBLE` for what is no date of the year, `CALENDAR_CONTRADICTION` for a date that is there twice or says nothing, and
 *  `CALENDAR_HOLE` for a holiday by law that is not there. */
export function judgeYear(year: number, days: readonly CalendarDayColumns[]): PointedFault[] {
  const faults: PointedFault[] = [];
  const seen = new Map<string, CalendarDayColumns['kind']>();
  for (const [index, { date, kind }] of days.entries()) {
    const pointer = `/days/${index}/date`;
    if (!isRealDate(date) || Number(date.slice(0, 4)) !== year) {
      faults.push({ pointer, code: 'DATE_IMPOSSIBLE', detail: date });
      continue;
    }
    if (seen.has(date)) faults.push({ pointer, code: 'CALENDAR_CONTRADICTION', detail: date });
    seen.set(date, kind);
    // A make-up day replaces a day of rest; from Monday to Friday there is none to replace.
    if (kind === 'working' && !isWeekend(date))
      faults.push({ pointer, code: 'CALENDAR_CONTRADICTION', detail: `${date} 本为工作日` });
  }
  for (const { date, name } of holidaysByLaw(year))
    if (!isArranged(seen, date)) faults.push({ pointer: '/days', code: 'CALENDAR_HOLE', detail: `${date} ${name}` });
  return faults;
}

/** Free itself, or a weekend that was left as it is and has a day off beside it. */
function isArranged(seen: ReadonlyMap<string, CalendarDayColumns['kind']>, date: string): boolean {
  const kind = seen.get(date);
  if (kind) return kind === 'holiday';
  if (!isWeekend(date)) return false;
  for (let off = -MOST_DAYS_OFF; off <= MOST_DAYS_OFF; off += 1)
    if (seen.get(addDays(date, off)) === 'holiday') return true;
  return false;
}
