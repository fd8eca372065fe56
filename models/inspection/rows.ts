/** Rows of annual inspections (网络年检, R-37): what is planned for a licence type, the windows that were opened, and one row a licence
 *  and year. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { InspectionPolicy } from './policy.ts';

export interface InspectionPlanColumns {
  /** Catalogue code. */
  id: string;
  issuingBody: string;
  policy: InspectionPolicy;
  /** The window that is opened next. */
  nextOn: string;
}

export interface InspectionWindowColumns {
  /** `<catalogue code>:<year>`: a window is opened once. */
  id: string;
  catalogueCode: string;
  issuingBody: string;
  year: number;
  opensOn: string;
  closesOn: string;
  /** As it was when the window opened. */
  policy: InspectionPolicy;
  /** `filling`: licences after `filledTo` are still to be looked at. */
  state: 'filling' | 'open';
  filledTo: string;
  openedAt: Date;
}

/** due → submitted (by the holder) → passed or failed; missed when it closes with nothing submitted; lapsed when the licence ended
 *  first. A missed or failed one may still be passed. */
export const INSPECTION_STATES = ['due', 'submitted', 'passed', 'failed', 'missed', 'lapsed'] as const;
export type InspectionState = (typeof INSPECTION_STATES)[number];

export interface InspectionColumns {
  /** `<licence id>:<year>` */
  id: string;
  licenceId: string;
  catalogueCode: string;
  issuingBody: string;
  year: number;
  state: InspectionState;
  opensOn: string;
  closesOn: string;
  /** The date on which the clock looks at it next; null: never. */
  nextOn: string | null;
  onMissed: InspectionPolicy['onMissed'];
  legalBasis: string;
  /** The licence is suspended because of this inspection: passing it resumes it. */
  suspended: boolean;
  /** What the holder declared, encrypted. */
  statement: string | null;
  submittedAt: Date | null;
  reason: string | null;
  settledBy: string | null;
  settledAt: Date | null;
  createdAt: Date;
}

export function defineInspectionRows(sequelize: Sequelize) {
  return {
    inspectionPlans: defineTable<InspectionPlanColumns>(sequelize, 'inspection_plans', {
      id: 'key',
      issuingBody: 'text',
      policy: 'json',
      nextOn: 'date',
    }),
    inspectionWindows: defineTable<InspectionWindowColumns>(sequelize, 'inspection_windows', {
      id: 'key',
      catalogueCode: 'text',
      issuingBody: 'text',
      year: 'integer',
      opensOn: 'date',
      closesOn: 'date',
      policy: 'json',
      state: 'text',
      filledTo: 'text',
      openedAt: 'instant',
    }),
    inspections: defineTable<InspectionColumns>(sequelize, 'inspections', {
      id: 'key',
      licenceId: 'text',
      catalogueCode: 'text',
      issuingBody: 'text',
      year: 'integer',
      state: 'text',
      opensOn: 'date',
      closesOn: 'date',
      nextOn: 'date',
      onMissed: 'text',
      legalBasis: 'longText',
      suspended: 'boolean',
      statement: 'longText',
      submittedAt: 'instant',
      reason: 'longText',
      settledBy: 'text',
      settledAt: 'instant',
      createdAt: 'instant',
    }),
  };
}
