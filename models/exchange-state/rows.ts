/** Rows the exchange keeps: front-end machines, rows applied, runs and comparisons. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export const FRONT_END_PROFILES = ['zhengku', 'henan'] as const;
export type FrontEndProfileName = (typeof FRONT_END_PROFILES)[number];

/** A department’s front-end machine (前置机). */
export interface FrontEndColumns {
  name: string;
  organisationCode: string;
  /** Address with its password, encrypted. */
  urlCipher: string;
  /** Which tables it has: ours, or those of Henan's front-end database. */
  profile: FrontEndProfileName;
  state: 'active' | 'paused';
  lastPassAt: Date | null;
  /** How long the last pass took, to the end or not, milliseconds. */
  lastPassMs: number;
  lastError: string | null;
  /** When the oldest row that its last pass left unanswered was pushed; of a machine that could not be asked, since when nothing
   *  is known. Null: none waits. */
  waitingSince: Date | null;
  /** Since when it cannot be asked, under whatever address; null: it answered at its last pass. */
  silentSince: Date | null;
  createdAt: Date;
}

/** What was applied of a front-end row: never the same revision twice. */
export interface AppliedRowColumns {
  /** Machine, table and business key. */
  id: string;
  revision: number;
  payloadDigest: string;
  receiptState: number;
  receiptCode: string;
  receiptText: string;
  licenceId: string | null;
  appliedAt: Date;
  /** Since when every revision of it was refused; null: the last was taken. */
  refusedSince: Date | null;
}

/** The code the province gave to a catalogue entry (目录代码). */
export interface ProvinceCatalogueCodeColumns {
  code: string;
  provincialCode: string;
  at: Date;
}

/** Which of them a machine was told. */
export interface ToldCatalogueCodeColumns {
  /** Machine and catalogue code. */
  id: string;
  provincialCode: string;
  at: Date;
}

export interface ExchangeRunColumns {
  id: string;
  frontEnd: string;
  startedAt: Date;
  endedAt: Date | null;
  counts: Readonly<Record<string, number>>;
}

/** Nightly comparison of city and province. */
export interface ComparisonColumns {
  id: string;
  startedAt: Date;
  endedAt: Date | null;
  counts: Readonly<Record<string, number>>;
  differences: readonly unknown[];
  /** Null until it ends, and of those of earlier versions. */
  outcome: 'done' | 'failed' | null;
  /** By department, and what could be compared. */
  facts: unknown;
}

export function defineExchangeRows(sequelize: Sequelize) {
  return {
    frontEnds: defineTable<FrontEndColumns>(sequelize, 'front_ends', {
      name: 'key',
      organisationCode: 'text',
      urlCipher: 'longText',
      profile: 'text',
      state: 'text',
      lastPassAt: 'instant',
      lastPassMs: 'integer',
      lastError: 'longText',
      waitingSince: 'instant',
      silentSince: 'instant',
      createdAt: 'instant',
    }),
    appliedRows: defineTable<AppliedRowColumns>(sequelize, 'applied_rows', {
      id: 'key',
      revision: 'integer',
      payloadDigest: 'text',
      receiptState: 'integer',
      receiptCode: 'text',
      receiptText: 'longText',
      licenceId: 'text',
      appliedAt: 'instant',
      refusedSince: 'instant',
    }),
    provinceCatalogueCodes: defineTable<ProvinceCatalogueCodeColumns>(sequelize, 'province_catalogue_codes', {
      code: 'key',
      provincialCode: 'text',
      at: 'instant',
    }),
    toldCatalogueCodes: defineTable<ToldCatalogueCodeColumns>(sequelize, 'told_catalogue_codes', {
      id: 'key',
      provincialCode: 'text',
      at: 'instant',
    }),
    exchangeRuns: defineTable<ExchangeRunColumns>(sequelize, 'exchange_runs', {
      id: 'key',
      frontEnd: 'text',
      startedAt: 'instant',
      endedAt: 'instant',
      counts: 'json',
    }),
    comparisons: defineTable<ComparisonColumns>(sequelize, 'province_comparisons', {
      id: 'key',
      startedAt: 'instant',
      endedAt: 'instant',
      counts: 'json',
      differences: 'json',
      outcome: 'text',
      facts: 'json',
    }),
  };
}
