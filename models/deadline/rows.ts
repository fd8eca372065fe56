/** Rows of closing notices (办结通知) and of due times on the working-day calendar. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

/** A case that was closed and whose licence must be pushed. */
export interface CaseColumns {
  id: string;
  caseNumber: string;
  issuingBody: string;
  catalogueCode: string;
  mode: 'online' | 'offline' | 'batch';
  offlineReason: string | null;
  closedAt: Date;
  noticedAt: Date;
  licenceId: string | null;
  source: string;
}

export interface DeadlineColumns {
  id: string;
  kind: 'offline-push' | 'batch-push' | 'objection';
  /** The case or the objection. */
  subjectId: string;
  organisationCode: string;
  startedAt: Date;
  workingDays: number;
  dueAt: Date;
  /** The days not counted. */
  skipped: readonly string[];
  /** True when the calendar of a year concerned is not published. */
  provisional: boolean;
  metAt: Date | null;
}

/** A day that differs from the week: a holiday or a make-up working day. */
export interface CalendarDayColumns {
  date: string;
  kind: 'holiday' | 'working';
  name: string;
}

/** Years whose arrangement is published. */
export interface CalendarYearColumns {
  year: number;
  source: string;
}

export function defineDeadlineRows(sequelize: Sequelize) {
  return {
    cases: defineTable<CaseColumns>(sequelize, 'cases', {
      id: 'key',
      caseNumber: 'text',
      issuingBody: 'text',
      catalogueCode: 'text',
      mode: 'text',
      offlineReason: 'longText',
      closedAt: 'instant',
      noticedAt: 'instant',
      licenceId: 'text',
      source: 'text',
    }),
    deadlines: defineTable<DeadlineColumns>(sequelize, 'deadlines', {
      id: 'key',
      kind: 'text',
      subjectId: 'text',
      organisationCode: 'text',
      startedAt: 'instant',
      workingDays: 'integer',
      dueAt: 'instant',
      skipped: 'json',
      provisional: 'boolean',
      metAt: 'instant',
    }),
    calendarDays: defineTable<CalendarDayColumns>(sequelize, 'calendar_days', {
      date: 'key',
      kind: 'text',
      name: 'text',
    }),
    calendarYears: defineTable<CalendarYearColumns>(sequelize, 'calendar_years', {
      year: 'numberKey',
      source: 'text',
    }),
  };
}
