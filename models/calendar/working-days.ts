/** Working days in Asia/Shanghai: Monday to Friday but for holidays, and the make-up days (调休上班). Pure. Counted from the day after
 *  the trigger (民法典 第二百零一条), to the end of the last day, 24:00. */
import { addDays, endOfShanghaiDate, toShanghaiDate } from '../kernel/clock.ts';

export interface WorkingCalendar {
  /** Days that differ from the week. */
  readonly days: ReadonlyMap<string, ArrangedDay>;
  /** Years whose arrangement is published. */
  readonly publishedYears: ReadonlySet<number>;
}

export interface ArrangedDay {
  readonly kind: 'holiday' | 'working';
  /** 春节, 国庆节 … */
  readonly name: string;
}

export interface DueTime {
  readonly dueAt: Date;
  readonly dueDate: string;
  /** Dates that were passed over as not working. */
  readonly skipped: readonly string[];
  /** True when a year that was counted in is not published: the date may move. */
  readonly provisional: boolean;
}

/** Why a date counts or not. */
export type DayReason = 'weekday' | 'weekend' | 'holiday' | 'make-up';

export interface ExplainedDay {
  readonly date: string;
  readonly counts: boolean;
  readonly reason: DayReason;
  /** Of a holiday or make-up day. */
  readonly name: string | null;
  /** False: the arrangement of its year is not published. */
  readonly published: boolean;
}

export function isWorkingDay(calendar: WorkingCalendar, date: string): boolean {
  const stated = calendar.days.get(date);
  return stated ? stated.kind === 'working' : !isWeekend(date);
}

/** The end (24:00) of the n-th working day, counted from the day after the trigger. */
export function addWorkingDays(calendar: WorkingCalendar, trigger: Date, workingDays: number): DueTime {
  const days = explainWorkingDays(calendar, toShanghaiDate(trigger), workingDays);
  const dueDate = days.at(-1)?.date ?? toShanghaiDate(trigger);
  return {
    ...{ dueAt: endOfShanghaiDate(dueDate), dueDate },
    skipped: days.filter(({ counts }) => !counts).map(({ date }) => date),
    provisional: days.some(({ published }) => !published),
  };
}

/** Every day that was passed on the way to the due date, which is the last of them.
 *  @param startDate YYYY-MM-DD, itself not counted */
export function explainWorkingDays(calendar: WorkingCalendar, startDate: string, workingDays: number): ExplainedDay[] {
  const days: ExplainedDay[] = [];
  let date = startDate;
  for (let left = workingDays; left > 0; ) {
    date = addDays(date, 1);
    const day = explainDay(calendar, date);
    days.push(day);
    if (day.counts) left -= 1;
  }
  return days;
}

function explainDay(calendar: WorkingCalendar, date: string): ExplainedDay {
  const published = calendar.publishedYears.has(Number(date.slice(0, 4)));
  const stated = calendar.days.get(date);
  if (!stated) {
    const weekend = isWeekend(date);
    return { date, counts: !weekend, reason: weekend ? 'weekend' : 'weekday', name: null, published };
  }
  const counts = stated.kind === 'working';
  return { date, counts, reason: counts ? 'make-up' : 'holiday', name: stated.name, published };
}

export function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}
