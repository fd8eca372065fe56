/** Rows of the way to the province and back: states of subjects, receipts, the link itself, cursors, what machines are told,
 *  lags and alarms, and what the province returned. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

/** How far the province has followed a licence or catalogue entry. */
export interface ProvinceStateColumns {
  /** licence:<id> or catalogue:<code> */
  id: string;
  subjectType: 'licence' | 'catalogue';
  subjectId: string;
  /** The highest sequence that left the house. */
  sentSequence: number;
  acknowledgedSequence: number;
  digest: string | null;
  /** The item's own receipt, of versions that had one for each; since then `receiptId`. */
  receipt: unknown;
  /** In `province_receipts`. */
  receiptId: string | null;
  /** `pending`: handed over, its receipt comes later. */
  state: 'waiting' | 'pending' | 'held' | 'acknowledged' | 'refused';
  /** Why it is held, refused or still waits. */
  reason: string | null;
  issuingBody: string | null;
  /** From when on it has been in this state for this reason. */
  since: Date | null;
  /** How it did not get through, and since when in this way; null: the last one did. It stays while another is tried. */
  failing: 'held' | 'refused' | null;
  failingSince: Date | null;
  /** Of what is pending: the machine it came from, and when the row was pushed. */
  frontEnd: string | null;
  pushedAt: Date | null;
  updatedAt: Date;
}

/** One signed receipt of a batch, kept once, whatever it speaks of. */
export interface ProvinceReceiptColumns {
  id: string;
  /** Name of the connector. */
  link: string;
  batchId: string;
  text: string;
  signature: string;
  receivedAt: Date;
}

/** How the connection to the province stands, for all processes. */
export interface ProvinceLinkColumns {
  name: string;
  /** In a row. */
  failures: number;
  downSince: Date | null;
  /** Nobody knocks before. */
  notBefore: Date | null;
  lastError: string | null;
  /** Answers that were not believed, since ever. */
  unbelieved: number;
  lastUnbelieved: string | null;
  updatedAt: Date;
}

export interface ProvinceCursorColumns {
  name: string;
  position: string;
  updatedAt: Date;
}

/** What a front-end machine is to be told of a licence of its own. */
export interface ProvinceNoticeColumns {
  /** licence:<id> */
  id: string;
  frontEnd: string;
  licenceId: string;
  /** Null: the province has it now. */
  cause: string | null;
  written: boolean;
  updatedAt: Date;
}

/** Ways from the row's push to the province's receipt, by minute of the receipt and machine. */
export interface ExchangeLagColumns {
  /** Minute and machine. */
  id: string;
  minute: Date;
  frontEnd: string;
  changes: number;
  sumMs: number;
  maxMs: number;
  overTwoCycles: number;
}

export interface ExchangeAlarmColumns {
  id: string;
  kind: string;
  subject: string;
  /** Kind and subject while it is raised. */
  openKey: string | null;
  raisedAt: Date;
  clearedAt: Date | null;
  details: Readonly<Record<string, unknown>>;
}

/** A licence that a provincial or national system issued, as it came back (省级回传, R-06). */
export interface ProvinceReturnColumns {
  /** Its identifier. */
  id: string;
  sequence: number;
  digest: string;
  /** `held`: not to be had as it should be, tried again by itself; `again`: somebody wants the page read once more. */
  state: 'accepted' | 'refused' | 'held' | 'again';
  cause: string | null;
  licenceId: string | null;
  issuingBody: string | null;
  /** With which the page was asked for; null: from the beginning. */
  pageCursor: string | null;
  receivedAt: Date;
  updatedAt: Date;
}

export function defineProvinceRows(sequelize: Sequelize) {
  return {
    provinceStates: defineTable<ProvinceStateColumns>(sequelize, 'province_states', {
      ...{
        id: 'key',
        subjectType: 'text',
        subjectId: 'text',
        sentSequence: 'integer',
        acknowledgedSequence: 'integer',
      },
      ...{ digest: 'text', receipt: 'json', receiptId: 'text', state: 'text', reason: 'longText', issuingBody: 'text' },
      ...{
        since: 'instant',
        failing: 'text',
        failingSince: 'instant',
        frontEnd: 'text',
        pushedAt: 'instant',
        updatedAt: 'instant',
      },
    }),
    provinceReceipts: defineTable<ProvinceReceiptColumns>(sequelize, 'province_receipts', {
      ...{ id: 'key', link: 'text', batchId: 'text', text: 'longText', signature: 'longText', receivedAt: 'instant' },
    }),
    provinceLinks: defineTable<ProvinceLinkColumns>(sequelize, 'province_links', {
      ...{ name: 'key', failures: 'integer', downSince: 'instant', notBefore: 'instant', lastError: 'longText' },
      ...{ unbelieved: 'integer', lastUnbelieved: 'longText', updatedAt: 'instant' },
    }),
    provinceCursors: defineTable<ProvinceCursorColumns>(sequelize, 'province_cursors', {
      ...{ name: 'key', position: 'text', updatedAt: 'instant' },
    }),
    provinceNotices: defineTable<ProvinceNoticeColumns>(sequelize, 'province_notices', {
      ...{
        id: 'key',
        frontEnd: 'text',
        licenceId: 'text',
        cause: 'longText',
        written: 'boolean',
        updatedAt: 'instant',
      },
    }),
    exchangeLags: defineTable<ExchangeLagColumns>(sequelize, 'exchange_lags', {
      ...{ id: 'key', minute: 'instant', frontEnd: 'text', changes: 'integer', sumMs: 'integer', maxMs: 'integer' },
      ...{ overTwoCycles: 'integer' },
    }),
    exchangeAlarms: defineTable<ExchangeAlarmColumns>(sequelize, 'exchange_alarms', {
      ...{ id: 'key', kind: 'text', subject: 'text', openKey: 'text', raisedAt: 'instant', clearedAt: 'instant' },
      ...{ details: 'json' },
    }),
    provinceReturns: defineTable<ProvinceReturnColumns>(sequelize, 'province_returns', {
      ...{ id: 'key', sequence: 'integer', digest: 'text', state: 'text', cause: 'longText', licenceId: 'text' },
      ...{ issuingBody: 'text', pageCursor: 'text', receivedAt: 'instant', updatedAt: 'instant' },
    }),
  };
}
