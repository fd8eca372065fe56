/** Rows of bulk analysis: applications with their grants, and the parts of what is prepared and delivered. */
import type { Sequelize } from 'sequelize';
import type { FaultCode } from '../kernel/fault-codes.ts';
import { defineTable } from '../store/define-table.ts';
import type { AnalysisTerms } from './terms.ts';

/** applied → granted | refused | withdrawn; granted → preparing → ready | failed; what was granted ends expired or revoked. */
export const ANALYSIS_STATES = [
  'applied',
  'granted',
  'refused',
  'withdrawn',
  'preparing',
  'ready',
  'failed',
  'expired',
  'revoked',
] as const;
export type AnalysisState = (typeof ANALYSIS_STATES)[number];

/** One step of its course. */
export interface AnalysisMove {
  readonly state: AnalysisState;
  readonly at: string;
  /** Account, or `zhengku`. */
  readonly by: string;
  readonly reason: string | null;
}

/** What it is for and who answers for it. */
export interface AnalysisApplication {
  readonly purpose: string;
  readonly legalBasis: string;
  /** Why data of holders are needed. */
  readonly personalReason: string | null;
  readonly responsible: { readonly name: string; readonly duty: string };
  /** The recipient's, DER in base64. */
  readonly certificate: string;
}

export interface AnalysisColumns {
  id: string;
  number: string;
  organisationCode: string;
  appliedBy: string;
  state: AnalysisState;
  application: AnalysisApplication;
  asked: AnalysisTerms;
  granted: AnalysisTerms | null;
  moves: readonly AnalysisMove[];
  /** 32 bytes, encrypted: marks, order and pseudonyms of this grant alone. */
  secret: string;
  /** 16 hex characters: what its marks say. */
  markIndex: string;
  startsAt: Date | null;
  expiresAt: Date | null;
  /** As of when the delivery is. */
  moment: Date | null;
  /** Where the preparation goes on. */
  nextType: number;
  afterId: string;
  nextPart: number;
  /** Rows of each type so far. */
  rowCounts: readonly number[];
  packageId: string | null;
  packageParts: number;
  /** SM3 of the delivery. */
  digest: string | null;
  sizeBytes: number;
  downloads: number;
  failure: { readonly code: FaultCode } | null;
  createdAt: Date;
}

/** Lines that were prepared, encrypted at rest; or a piece of a delivery, which is encrypted itself, in base64. */
export interface AnalysisPartColumns {
  /** `<owner>:<place>` */
  id: string;
  analysisId: string;
  /** The analysis for its lines, or the package. */
  ownerId: string;
  place: number;
  content: string;
}

export function defineAnalysisRows(sequelize: Sequelize) {
  return {
    analyses: defineTable<AnalysisColumns>(sequelize, 'analyses', {
      id: 'key',
      number: 'text',
      organisationCode: 'text',
      appliedBy: 'text',
      state: 'text',
      application: 'json',
      asked: 'json',
      granted: 'json',
      moves: 'json',
      secret: 'longText',
      markIndex: 'text',
      startsAt: 'instant',
      expiresAt: 'instant',
      moment: 'instant',
      nextType: 'integer',
      afterId: 'text',
      nextPart: 'integer',
      rowCounts: 'json',
      packageId: 'text',
      packageParts: 'integer',
      digest: 'text',
      sizeBytes: 'integer',
      downloads: 'integer',
      failure: 'json',
      createdAt: 'instant',
    }),
    analysisParts: defineTable<AnalysisPartColumns>(sequelize, 'analysis_parts', {
      id: 'key',
      analysisId: 'text',
      ownerId: 'text',
      place: 'integer',
      content: 'longText',
    }),
  };
}
