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
  /** Licences of a declared batch, as its notice says. */
  batchSize: number | null;
  /** Of a declared batch: how many of it stand. Null: not counted yet, or no longer known (`count-standing.ts`). */
  arrived: number | null;
  closedAt: Date;
  noticedAt: Date;
  licenceId: string | null;
  source: string;
  /** Of a notice that was taken back its id, so that its number is free; otherwise empty. */
  withdrawnKey: string;
  withdrawnAt: Date | null;
  withdrawnBy: string | null;
  withdrawnReason: string | null;
}

/** Of a case whose notice was not taken back. */
export const STANDS = { withdrawnKey: '' } as const;
export const NOT_WITHDRAWN = { ...STANDS, withdrawnAt: null, withdrawnBy: null, withdrawnReason: null } as const;

export interface DeadlineColumns {
  id: string;
  kind: 'offline-push' | 'batch-push' | 'objection' | 'correction' | 'rectification';
  /** The case, the objection, the correction of an objection, or a round of a rectification order. */
  subjectId: string;
  organisationCode: string;
  startedAt: Date;
  /** When the repository came to know of it. */
  openedAt: Date;
  workingDays: number;
  /** Of a clock that was stopped: when it was due by the calendar of that moment. Of one that runs its row of `due_times` says it. */
  dueAt: Date;
  /** The row of `due_times` that it runs towards. */
  dueTime: string;
  metAt: Date | null;
  /** It was stopped after it was due; null: it runs. */
  late: boolean | null;
  /** Why it is late, in the department's words; given once. */
  lateReason: string | null;
  lateReasonBy: string | null;
  lateReasonAt: Date | null;
  /** Its case's notice was taken back: it stopped then, neither met nor late. */
  withdrawnAt: Date | null;
}

/** How a clock stood, until it was told otherwise: its licence was returned, its notice taken back, or what stopped it had come before. */
export interface ClockPastColumns {
  id: string;
  deadlineId: string;
  openedAt: Date;
  dueAt: Date;
  metAt: Date | null;
  until: Date;
}

/** A stage of a clock that was told, once each. */
export interface ClockNoticeColumns {
  id: string;
  deadlineId: string;
  stage: 'warned' | 'overdue';
  at: Date;
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
      batchSize: 'integer',
      arrived: 'integer',
      closedAt: 'instant',
      noticedAt: 'instant',
      licenceId: 'text',
      source: 'text',
      withdrawnKey: 'text',
      withdrawnAt: 'instant',
      withdrawnBy: 'text',
      withdrawnReason: 'longText',
    }),
    deadlines: defineTable<DeadlineColumns>(sequelize, 'deadlines', {
      id: 'key',
      kind: 'text',
      subjectId: 'text',
      organisationCode: 'text',
      startedAt: 'instant',
      openedAt: 'instant',
      workingDays: 'integer',
      dueAt: 'instant',
      dueTime: 'text',
      metAt: 'instant',
      late: 'boolean',
      lateReason: 'longText',
      lateReasonBy: 'text',
      lateReasonAt: 'instant',
      withdrawnAt: 'instant',
    }),
    clockPasts: defineTable<ClockPastColumns>(sequelize, 'clock_pasts', {
      id: 'key',
      deadlineId: 'text',
      openedAt: 'instant',
      dueAt: 'instant',
      metAt: 'instant',
      until: 'instant',
    }),
    clockNotices: defineTable<ClockNoticeColumns>(sequelize, 'clock_notices', {
      id: 'key',
      deadlineId: 'text',
      stage: 'text',
      at: 'instant',
    }),
  };
}
