/** Working days in Asia/Shanghai: Monday to Friday but for holidays, and the make-up days (调休上班). Pure. */
import { addDays, endOfShanghaiDate, toShanghaiDate } from '../kernel/clock.ts';

export interface WorkingCalendar {
  /** Days that differ from the week: date → holiday or working. */
  readonly days: ReadonlyMap<string, 'holiday' | 'working'>;
  /** Years whose arrangement is published. */
  readonly publishedYears: ReadonlySet<number>;
}

export interface DueTime {
  readonly dueAt: Date;
  readonly dueDate: string;
  /** Dates that were passed over as not working. */
  readonly skipped: readonly string[];
  /** True when a year that was counted in is not published: the date may move. */
  readonly provisional: boolean;
}

export function isWorkingDay(calendar: WorkingCalendar, date: string): boolean {
  const stated = calendar.days.get(date);
  if (stated) return stated === 'working';
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The end (24:00) of the n-th working day, counted from the day after the trigger. */
export function addWorkingDays(calendar: WorkingCalendar, trigger: Date, workingDays: number): DueTime {
  const skipped: string[] = [];
  let date = toShanghaiDate(trigger);
  let provisional = false;
  for (let left = workingDays; left > 0; ) {
    date = addDays(date, 1);
    if (!calendar.publishedYears.has(Number(date.slice(0, 4)))) provisional = true;
    if (isWorkingDay(calendar, date)) left -= 1;
    else skipped.push(date);
  }
  return { dueAt: endOfShanghaiDate(date), dueDate: date, skipped, provisional };
}
