/** Rows of paper that was asked for (第十六条, R-52): by whom, why, and what the bureau held of it; and what holders report. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { PaperOutcome, ReportState, Unobtainable } from './paper-words.ts';

export interface PaperRequestColumns {
  id: string;
  organisationCode: string;
  matterCode: string;
  caseNumber: string;
  catalogueCode: string;
  holderIndex: string;
  /** Here, at that moment. */
  obtainable: boolean;
  outcome: PaperOutcome;
  /** Null where it can be had. */
  why: Unobtainable | null;
  /** Of the exception that the body states. */
  legalBasis: string | null;
  exceptionWords: string | null;
  reason: string;
  askedBy: string;
  askedAt: Date;
  /** What the bureau held of the exception; null: it has not judged. */
  tenable: boolean | null;
  judgement: string | null;
  judgedBy: string | null;
  judgedAt: Date | null;
  /** Of what was refused the use, type and day: it counts once, however often it is tried. */
  onceKey: string | null;
}

export interface PaperReportColumns {
  id: string;
  number: string;
  holderId: string;
  organisationCode: string;
  /** As far as the holder knows it. */
  matterCode: string | null;
  catalogueCode: string;
  /** Day in Asia/Shanghai. */
  askedOn: string;
  text: string;
  /** On that day a valid licence of the holder was here. */
  obtainable: boolean;
  /** When it was filed: the body had stated an exception for this person and type. */
  excepted: boolean;
  state: ReportState;
  judgement: string | null;
  judgedBy: string | null;
  judgedAt: Date | null;
  filedAt: Date;
  /** Holder, body, type and day: one demand is reported once. Null once it was dismissed. */
  onceKey: string | null;
}

export function definePaperRows(sequelize: Sequelize) {
  return {
    paperRequests: defineTable<PaperRequestColumns>(sequelize, 'paper_requests', {
      ...{ id: 'key', organisationCode: 'text', matterCode: 'text', caseNumber: 'text', catalogueCode: 'text' },
      ...{ holderIndex: 'text', obtainable: 'boolean', outcome: 'text', why: 'text', legalBasis: 'longText' },
      ...{ exceptionWords: 'longText', reason: 'longText', askedBy: 'text', askedAt: 'instant' },
      ...{ tenable: 'boolean', judgement: 'longText', judgedBy: 'text', judgedAt: 'instant' },
      onceKey: 'text',
    }),
    paperReports: defineTable<PaperReportColumns>(sequelize, 'paper_reports', {
      ...{ id: 'key', number: 'text', holderId: 'text', organisationCode: 'text', matterCode: 'text' },
      ...{ catalogueCode: 'text', askedOn: 'date', text: 'longText', obtainable: 'boolean', excepted: 'boolean' },
      ...{ state: 'text', judgement: 'longText', judgedBy: 'text', judgedAt: 'instant', filedAt: 'instant' },
      onceKey: 'text',
    }),
  };
}
