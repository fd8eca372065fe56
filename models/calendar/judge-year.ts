/** May this be the arrangement of a year? Every fault at once, each pointing to the day. */
import { isRealDate } from '../kernel/clock.ts';
import type { PointedFault } from '../kernel/fault.ts';
import type { CalendarDayColumns } from './rows.ts';
import { isWeekend } from './working-days.ts';

/** Days that 全国年节及纪念日放假办法 fixes by the sun, whatever the arrangement of a year. */
const ALWAYS_FREE = ['01-01', '05-01', '10-01', '10-02', '10-03'];

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
  for (const day of ALWAYS_FREE) {
    const date = `${year}-${day}`;
    if (seen.get(date) !== 'holiday') faults.push({ pointer: '/days', code: 'CALENDAR_HOLE', detail: date });
  }
  return faults;
}
