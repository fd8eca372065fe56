/** Rows of closing notices (办结通知) and of the clocks that run towards due times. */
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
  /** Of a clock that was stopped: when it was due by the calendar of that moment. Of one that runs its row of `due_times` says it. */
  dueAt: Date;
  /** The row of `due_times` that it runs towards. */
  dueTime: string;
  metAt: Date | null;
  /** It was stopped after it was due; null: it runs. */
  late: boolean | null;
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
      dueTime: 'text',
      metAt: 'instant',
      late: 'boolean',
    }),
  };
}
