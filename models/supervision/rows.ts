/** Rows of supervision (监督, R-51): what was found, the orders that follow from it, circulars, referrals, and periodic reports. */
import type { Sequelize } from 'sequelize';
import type { LeagueRow } from '../deadline/league.ts';
import { defineTable } from '../store/define-table.ts';
import type { FindingKind } from './finding-words.ts';
import type { OrderEvent, OrderState } from './order-moves.ts';

export interface FindingColumns {
  id: string;
  /** By which one matter is found once: of a clock its id, for good; of a state its kind and subject, while it lasts. */
  onceKey: string | null;
  kind: FindingKind;
  organisationCode: string;
  /** The clock, catalogue code, machine, row … */
  subjectId: string;
  /** As people call it: a case's or an objection's number, a name. */
  subject: string;
  catalogueCode: string | null;
  article: string;
  /** It has a clock: its lateness is counted in minutes. */
  clock: boolean;
  /** Of a clock: when it was due. */
  since: Date;
  /** When the repository could know of it at the earliest; no report of a period before speaks of it. */
  knownAt: Date;
  closedAt: Date | null;
  /** met, mended: the cause is gone. ceased: what it was about is gone, unmended. withdrawn: it never was one, by a calendar that has changed since. event: it happened, and is over. */
  endedBy: 'met' | 'mended' | 'ceased' | 'withdrawn' | 'event' | null;
  /** The order under which it is, or was last. */
  orderId: string | null;
}

export interface ResponsiblePerson {
  readonly name: string;
  readonly duty: string;
}

export interface OrderColumns {
  id: string;
  number: string;
  organisationCode: string;
  /** As they were called when it was issued. */
  organisationName: string;
  responsibleBody: string | null;
  persons: readonly ResponsiblePerson[];
  state: OrderState;
  legalBasis: string;
  demand: string;
  /** Of the clock that runs now, or ran last. */
  workingDays: number;
  /** What its clock runs for: its id and the round. */
  clockId: string;
  /** How often a limit was set. */
  rounds: number;
  answer: string | null;
  /** SM3 of the evidence that the department keeps. */
  evidenceDigest: string | null;
  issuedAt: Date;
  endedAt: Date | null;
}

export interface OrderFindingColumns {
  id: string;
  orderId: string;
  findingId: string;
}

/** An order as it was drawn. */
export interface OrderDocumentColumns {
  /** The order, and SM3 of all that the document says: a round is drawn once, and anew only where the calendar has moved its limit or taken
   *  a finding back. */
  id: string;
  orderId: string;
  round: number;
  /** SM3 of the PDF. */
  digest: string;
  signed: boolean;
  drawnAt: Date;
}

export interface OrderEventColumns {
  id: string;
  orderId: string;
  act: OrderEvent;
  organisationCode: string | null;
  actor: string;
  actorName: string;
  words: string | null;
  details: Readonly<Record<string, string | number | boolean | null>>;
  at: Date;
}

/** The last number given in a series of a year. */
export interface NumberColumns {
  id: string;
  last: number;
}

export interface CircularColumns {
  /** The order's id: one follows from it. */
  id: string;
  /** From its publication. */
  number: string | null;
  state: 'draft' | 'published' | 'dropped';
  organisationCode: string;
  dueAt: Date;
  /** Days begun since the limit, when it was drafted or published. */
  daysLate: number;
  text: string;
  draftedAt: Date;
  publishedAt: Date | null;
  publishedBy: string | null;
}

export interface ReferralColumns {
  /** The order's id. */
  id: string;
  number: string;
  authority: string;
  legalBasis: string;
  reason: string;
  /** SM3 of the record that goes with it, among the files. */
  recordDigest: string;
  referredAt: Date;
  referredBy: string;
  outcome: string | null;
  concludedAt: Date | null;
}

export type ReportSpan = 'week' | 'month' | 'quarter';

export interface ReportColumns {
  /** `month-2026-02-01` */
  id: string;
  span: ReportSpan;
  /** Days in Asia/Shanghai, both included. */
  fromOn: string;
  toOn: string;
  madeAt: Date;
  league: readonly LeagueRow[];
  /** SM3 of the files; null until they are written. */
  xlsxDigest: string | null;
  pdfDigest: string | null;
  /** False: no key could sign it then. Null: of a version that did not say. */
  pdfSigned: boolean | null;
}

/** A case behind a figure of a report, as it stood at the end of its period. */
export interface ReportCaseColumns {
  id: string;
  reportId: string;
  figure: string;
  organisationCode: string;
  caseId: string;
  subject: string;
  article: string | null;
  since: Date;
  lateMinutes: number | null;
  link: string;
}

export function defineSupervisionRows(sequelize: Sequelize) {
  return {
    findings: defineTable<FindingColumns>(sequelize, 'supervision_findings', {
      ...{ id: 'key', onceKey: 'text', kind: 'text', organisationCode: 'text', subjectId: 'text', subject: 'text' },
      ...{ catalogueCode: 'text', article: 'text', clock: 'boolean', since: 'instant', knownAt: 'instant' },
      ...{ closedAt: 'instant', endedBy: 'text', orderId: 'text' },
    }),
    reports: defineTable<ReportColumns>(sequelize, 'supervision_reports', {
      ...{ id: 'key', span: 'text', fromOn: 'date', toOn: 'date', madeAt: 'instant', league: 'json' },
      ...{ xlsxDigest: 'text', pdfDigest: 'text', pdfSigned: 'boolean' },
    }),
    reportCases: defineTable<ReportCaseColumns>(sequelize, 'supervision_report_cases', {
      ...{ id: 'key', reportId: 'text', figure: 'text', organisationCode: 'text', caseId: 'text', subject: 'text' },
      ...{ article: 'text', since: 'instant', lateMinutes: 'integer', link: 'text' },
    }),
    orders: defineTable<OrderColumns>(sequelize, 'rectification_orders', {
      ...{ id: 'key', number: 'text', organisationCode: 'text', organisationName: 'text', responsibleBody: 'text' },
      ...{ persons: 'json', state: 'text', legalBasis: 'longText', demand: 'longText', workingDays: 'integer' },
      ...{ clockId: 'text', rounds: 'integer', answer: 'longText', evidenceDigest: 'text' },
      ...{ issuedAt: 'instant', endedAt: 'instant' },
    }),
    orderFindings: defineTable<OrderFindingColumns>(sequelize, 'order_findings', {
      ...{ id: 'key', orderId: 'text', findingId: 'text' },
    }),
    orderDocuments: defineTable<OrderDocumentColumns>(sequelize, 'order_documents', {
      ...{ id: 'key', orderId: 'text', round: 'integer', digest: 'text', signed: 'boolean', drawnAt: 'instant' },
    }),
    orderEvents: defineTable<OrderEventColumns>(sequelize, 'order_events', {
      ...{ id: 'key', orderId: 'text', act: 'text', organisationCode: 'text', actor: 'text', actorName: 'text' },
      ...{ words: 'longText', details: 'json', at: 'instant' },
    }),
    supervisionNumbers: defineTable<NumberColumns>(sequelize, 'supervision_numbers', { id: 'key', last: 'integer' }),
    circulars: defineTable<CircularColumns>(sequelize, 'criticism_circulars', {
      ...{ id: 'key', number: 'text', state: 'text', organisationCode: 'text', dueAt: 'instant' },
      ...{ daysLate: 'integer', text: 'longText', draftedAt: 'instant', publishedAt: 'instant', publishedBy: 'text' },
    }),
    referrals: defineTable<ReferralColumns>(sequelize, 'liability_referrals', {
      ...{ id: 'key', number: 'text', authority: 'text', legalBasis: 'longText' },
      ...{ reason: 'longText', recordDigest: 'text', referredAt: 'instant', referredBy: 'text' },
      ...{ outcome: 'longText', concludedAt: 'instant' },
    }),
  };
}
