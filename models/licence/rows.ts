/** Rows of licences (R-20…R-26): the licence, its holders, files, reviews, intents and change records. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { ReviewRuleDefinition } from './review-rule.ts';
import type { LicenceAct, LicenceState, LicenceStatus, SuccessionAct } from './states.ts';

export interface LicenceColumns {
  id: string;
  catalogueCode: string;
  catalogueVersion: number;
  issuingBody: string;
  /** Where it stands in being made. */
  state: LicenceState;
  /** Business status, from the moment of issue. */
  status: LicenceStatus | null;
  licenceNumber: string;
  /** Catalogue code and number while the number is taken: no two licences of a type share one. */
  numberKey: string | null;
  /** GB/T 36904, from the moment of issue. */
  identifier: string | null;
  /** Leads from the QR code to the public check page. */
  verificationCode: string | null;
  fields: Readonly<Record<string, string>>;
  validFrom: string | null;
  /** Null: open-ended (长期). */
  validTo: string | null;
  issuedOn: string | null;
  /** Case closing (办结). */
  closedAt: Date | null;
  caseNumber: string | null;
  commitment: boolean;
  /** `province`: issued by a provincial or national system and returned from there (省级回传). */
  source: 'form' | 'sheet' | 'front-end' | 'api' | 'province';
  /** Front-end machine and business key. */
  sourceKey: string | null;
  /** Of what was digitised from a paper issued before (存量). */
  stock: { readonly paperNumber: string | null } | null;
  /** SM3 of what is reviewed and sealed; a review holds for exactly these contents. */
  contentDigest: string;
  /** Counts every change; the province applies changes in this order. */
  sequence: number;
  /** The day at whose beginning the clock turns the status next. */
  turnsOn: string | null;
  /** The licence whose place it is to take or took, while it does; no two versions share one. */
  predecessorId: string | null;
  /** The version it was made from (延续, 变更, 补证), whatever became of either, and by what act, rule and reason. */
  formerId: string | null;
  successionAct: SuccessionAct | null;
  successionBasis: string | null;
  successionReason: string | null;
  createdAt: Date;
  createdBy: string;
  updatedAt: Date;
}

export interface LicenceHolderColumns {
  id: string;
  licenceId: string;
  holderId: string;
  /** The name as submitted; it stands on the face. */
  name: string;
  position: number;
}

export interface LicenceFileColumns {
  id: string;
  licenceId: string;
  version: number;
  format: 'ofd' | 'pdf';
  /** SM3, the name in the file store. */
  digest: string;
  sizeBytes: number;
  createdAt: Date;
}

/** One review, by a person or by a signed rule of the issuer; or the department's own withdrawal. */
export interface ReviewColumns {
  id: string;
  licenceId: string;
  reviewerType: 'person' | 'rule' | 'system';
  reviewerId: string;
  decision: 'approved' | 'returned' | 'withdrawn';
  reason: string | null;
  contentDigest: string;
  createdAt: Date;
}

/** A rule by which an issuer lets submissions pass without a person, signed with its own seal key. */
export interface ReviewRuleColumns {
  id: string;
  issuingBody: string;
  catalogueCode: string;
  definition: ReviewRuleDefinition;
  /** SM2 over the canonical JSON of the definition. */
  signature: Buffer;
  keyId: string;
  state: 'in-force' | 'withdrawn';
  createdAt: Date;
  createdBy: string;
}

/** Written before a key is used; every signature ever made has one. */
export interface IntentColumns {
  id: string;
  licenceId: string;
  identifier: string;
  state: 'intended' | 'finished' | 'voided';
  reason: string | null;
  intendedAt: Date;
  endedAt: Date | null;
  /** The seal that is used. Null in intents of before it was kept. */
  sealId: string | null;
  /** Host, process and start of the process that holds it, so that a dead process's intents are found. */
  owner: string;
}

/** Change record (变更记录). */
export interface ChangeColumns {
  id: string;
  licenceId: string;
  sequence: number;
  act: string;
  fromStatus: string | null;
  toStatus: string;
  actor: string;
  legalBasis: string | null;
  reason: string | null;
  /** Of data maintenance: what stood before in its place. Null in records of before it was kept. */
  replaced: ReplacedFacts | null;
  effectiveAt: Date;
  createdAt: Date;
}

/** Facts that data maintenance took away; a null among them stood empty. */
export interface ReplacedFacts {
  readonly fields?: Readonly<Record<string, string | null>>;
  readonly caseNumber?: string | null;
  /** ISO 8601. */
  readonly closedAt?: string | null;
}

/** A move that is to take effect later. */
export interface PlannedMoveColumns {
  id: string;
  licenceId: string;
  act: LicenceAct;
  legalBasis: string | null;
  reason: string | null;
  effectiveAt: Date;
  state: 'planned' | 'done' | 'failed' | 'withdrawn';
  /** Why it failed or was withdrawn. */
  why: string | null;
  createdBy: string;
  createdAt: Date;
  endedBy: string | null;
  endedAt: Date | null;
}

/** Preview pictures already drawn: licence and page → digest. */
export interface PreviewColumns {
  id: string;
  digest: string;
}

export function defineLicenceRows(sequelize: Sequelize) {
  return {
    licences: defineTable<LicenceColumns>(sequelize, 'licences', {
      id: 'key',
      catalogueCode: 'text',
      catalogueVersion: 'integer',
      issuingBody: 'text',
      state: 'text',
      status: 'text',
      licenceNumber: 'text',
      numberKey: 'text',
      identifier: 'text',
      verificationCode: 'text',
      fields: 'json',
      validFrom: 'date',
      validTo: 'date',
      issuedOn: 'date',
      closedAt: 'instant',
      caseNumber: 'text',
      commitment: 'boolean',
      source: 'text',
      sourceKey: 'text',
      stock: 'json',
      contentDigest: 'text',
      sequence: 'integer',
      turnsOn: 'date',
      predecessorId: 'text',
      formerId: 'text',
      successionAct: 'text',
      successionBasis: 'longText',
      successionReason: 'longText',
      createdAt: 'instant',
      createdBy: 'text',
      updatedAt: 'instant',
    }),
    licenceHolders: defineTable<LicenceHolderColumns>(sequelize, 'licence_holders', {
      id: 'key',
      licenceId: 'text',
      holderId: 'text',
      name: 'text',
      position: 'integer',
    }),
    licenceFiles: defineTable<LicenceFileColumns>(sequelize, 'licence_files', {
      id: 'key',
      licenceId: 'text',
      version: 'integer',
      format: 'text',
      digest: 'text',
      sizeBytes: 'integer',
      createdAt: 'instant',
    }),
    reviews: defineTable<ReviewColumns>(sequelize, 'licence_reviews', {
      id: 'key',
      licenceId: 'text',
      reviewerType: 'text',
      reviewerId: 'text',
      decision: 'text',
      reason: 'longText',
      contentDigest: 'text',
      createdAt: 'instant',
    }),
    reviewRules: defineTable<ReviewRuleColumns>(sequelize, 'review_rules', {
      id: 'key',
      issuingBody: 'text',
      catalogueCode: 'text',
      definition: 'json',
      signature: 'bytes',
      keyId: 'text',
      state: 'text',
      createdAt: 'instant',
      createdBy: 'text',
    }),
    intents: defineTable<IntentColumns>(sequelize, 'licence_intents', {
      id: 'key',
      licenceId: 'text',
      identifier: 'text',
      state: 'text',
      reason: 'longText',
      intendedAt: 'instant',
      endedAt: 'instant',
      sealId: 'text',
      owner: 'text',
    }),
    changes: defineTable<ChangeColumns>(sequelize, 'licence_changes', {
      id: 'key',
      licenceId: 'text',
      sequence: 'integer',
      act: 'text',
      fromStatus: 'text',
      toStatus: 'text',
      actor: 'text',
      legalBasis: 'longText',
      reason: 'longText',
      replaced: 'json',
      effectiveAt: 'instant',
      createdAt: 'instant',
    }),
    plannedMoves: defineTable<PlannedMoveColumns>(sequelize, 'planned_moves', {
      id: 'key',
      licenceId: 'text',
      act: 'text',
      legalBasis: 'longText',
      reason: 'longText',
      effectiveAt: 'instant',
      state: 'text',
      why: 'longText',
      createdBy: 'text',
      createdAt: 'instant',
      endedBy: 'text',
      endedAt: 'instant',
    }),
    previews: defineTable<PreviewColumns>(sequelize, 'licence_previews', { id: 'key', digest: 'text' }),
  };
}
