/** Rows of objections (异议, R-50), of their evidence and of their history. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { EvidenceFormat } from './evidence-format.ts';
import type { ObjectionCategory, ObjectionEvent, ObjectionSide, ObjectionState } from './objection-words.ts';

export interface ObjectionColumns {
  id: string;
  number: string;
  licenceId: string;
  issuingBody: string;
  filedByType: 'holder' | 'consumer';
  filedBy: string;
  organisationCode: string | null;
  /** Who objects and follows it: `holder:<holder id>` or `body:<organisation code>`. */
  party: string;
  category: ObjectionCategory;
  text: string;
  /** JSON of the fields objected to with the values held right, encrypted. */
  claims: string | null;
  /** Number of the closed one that it takes up again. */
  follows: string | null;
  /** Licence, party and category while it is open, so that there is one of a kind; null afterwards. */
  openKey: string | null;
  state: ObjectionState;
  /** User of the issuer who handles it. */
  handler: string | null;
  assignedAt: Date | null;
  answer: string | null;
  answeredBy: string | null;
  answeredAt: Date | null;
  /** The licence's sequence when it was answered: what corrects it comes later. Null in those answered before it was kept. */
  answeredSequence: number | null;
  /** Of an answer that came too late. */
  lateMinutes: number | null;
  lateReason: string | null;
  escalatedAt: Date | null;
  /** Of one that was upheld: what its correction clock runs for. Null in those upheld before there was one. */
  correctionId: string | null;
  correctionPlan: string | null;
  /** Sequence of the licence's change that corrects it. */
  correctionSequence: number | null;
  correctedAt: Date | null;
  correctionEscalatedAt: Date | null;
  filedAt: Date;
}

/** One step of its course. */
export interface ObjectionEventColumns {
  id: string;
  objectionId: string;
  act: ObjectionEvent;
  side: ObjectionSide;
  organisationCode: string | null;
  actor: string;
  actorName: string;
  words: string | null;
  details: Readonly<Record<string, string | number | boolean>>;
  at: Date;
}

/** A file handed in with it; the bytes lie encrypted among the received files. */
export interface EvidenceColumns {
  id: string;
  objectionId: string;
  side: 'objector' | 'issuer';
  name: string;
  format: EvidenceFormat;
  sizeBytes: number;
  /** SM3. */
  digest: string;
  fileId: string;
  givenBy: string;
  givenAt: Date;
}

export function defineObjectionRows(sequelize: Sequelize) {
  return {
    objections: defineTable<ObjectionColumns>(sequelize, 'objections', {
      id: 'key',
      number: 'text',
      licenceId: 'text',
      issuingBody: 'text',
      filedByType: 'text',
      filedBy: 'text',
      organisationCode: 'text',
      party: 'text',
      category: 'text',
      text: 'longText',
      claims: 'longText',
      follows: 'text',
      openKey: 'text',
      state: 'text',
      handler: 'text',
      assignedAt: 'instant',
      answer: 'longText',
      answeredBy: 'text',
      answeredAt: 'instant',
      answeredSequence: 'integer',
      lateMinutes: 'integer',
      lateReason: 'longText',
      escalatedAt: 'instant',
      correctionId: 'text',
      correctionPlan: 'longText',
      correctionSequence: 'integer',
      correctedAt: 'instant',
      correctionEscalatedAt: 'instant',
      filedAt: 'instant',
    }),
    objectionEvents: defineTable<ObjectionEventColumns>(sequelize, 'objection_events', {
      id: 'key',
      objectionId: 'text',
      act: 'text',
      side: 'text',
      organisationCode: 'text',
      actor: 'text',
      actorName: 'text',
      words: 'longText',
      details: 'json',
      at: 'instant',
    }),
    objectionEvidence: defineTable<EvidenceColumns>(sequelize, 'objection_evidence', {
      id: 'key',
      objectionId: 'text',
      side: 'text',
      name: 'longText',
      format: 'text',
      sizeBytes: 'integer',
      digest: 'text',
      fileId: 'text',
      givenBy: 'text',
      givenAt: 'instant',
    }),
  };
}
