/** Rows of the working-day calendar: days that differ from the week, how sure each year is, and the due times by it. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

/** A day that differs from the week: a holiday, or a make-up working day (调休上班). */
export interface CalendarDayColumns {
  /** YYYY-MM-DD, in Asia/Shanghai. */
  date: string;
  kind: 'holiday' | 'working';
  name: string;
}

/** A year of which an arrangement is known. A year without a row is not guessed: what is counted in it is provisional. */
export interface CalendarYearColumns {
  year: number;
  /** `chinese-days`, or who entered it. */
  source: string;
  /** provisional: expected, and not announced yet. */
  state: 'published' | 'provisional';
  /** The State Council's notice, e.g. 国办发明电〔2025〕7号. */
  document: string | null;
}

/** A change of the calendar, and what it did to the clocks that were running. */
export interface CalendarChangeColumns {
  id: string;
  year: number;
  actor: string;
  /** Days before and after, of those that differ. */
  days: readonly CalendarDayChange[];
  /** `provisional → published`; null when it stayed. */
  states: string | null;
  changedAt: Date;
  /** Due times that moved, and open clocks that run towards them. */
  movedTimes: number;
  movedClocks: number;
}

export interface CalendarDayChange {
  readonly date: string;
  /** Null: an ordinary day of its week. */
  readonly before: CalendarDayColumns['kind'] | null;
  readonly after: CalendarDayColumns['kind'] | null;
}

/** When clocks are due that started on one day and run for as many working days. */
export interface DueTimeColumns {
  /** `2026-02-13+5` */
  id: string;
  /** YYYY-MM-DD in Asia/Shanghai; itself not counted. */
  startedOn: string;
  workingDays: number;
  dueAt: Date;
  /** From then on it is told that the time runs out. */
  warnAt: Date;
  /** True when the calendar of a year concerned is not published. */
  provisional: boolean;
  /** All clocks that run towards it were told that the time runs out; null: still to do, or to be done again. */
  warnedAt: Date | null;
  /** Likewise that it ran out. */
  passedAt: Date | null;
}

export function defineCalendarRows(sequelize: Sequelize) {
  return {
    calendarDays: defineTable<CalendarDayColumns>(sequelize, 'calendar_days', {
      date: 'key',
      kind: 'text',
      name: 'text',
    }),
    calendarYears: defineTable<CalendarYearColumns>(sequelize, 'calendar_years', {
      year: 'numberKey',
      source: 'text',
      state: 'text',
      document: 'text',
    }),
    calendarChanges: defineTable<CalendarChangeColumns>(sequelize, 'calendar_changes', {
      id: 'key',
      year: 'integer',
      actor: 'text',
      days: 'json',
      states: 'text',
      changedAt: 'instant',
      movedTimes: 'integer',
      movedClocks: 'integer',
    }),
    dueTimes: defineTable<DueTimeColumns>(sequelize, 'due_times', {
      id: 'key',
      startedOn: 'text',
      workingDays: 'integer',
      dueAt: 'instant',
      warnAt: 'instant',
      provisional: 'boolean',
      warnedAt: 'instant',
      passedAt: 'instant',
    }),
  };
}
