/** Rows of the reconciliation with the province that are read and written as rows; the tree itself is read by `tree-store.ts`. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

type SubjectType = 'licence' | 'catalogue';

/** What the province has confirmed since the last folding; the newest of a subject counts. */
export interface TreeMarkColumns {
  id: number;
  /** As the province calls it; null: as the licence’s identifier or the entry’s code says. */
  subject: string | null;
  subjectType: SubjectType;
  subjectId: string;
  /** Null with the digest: the province holds it no more. */
  sequence: number | null;
  digest: string | null;
}

/** To be looked at by the next comparison. */
export interface TreeSuspectColumns {
  id: number;
  subject: string;
  subjectType: SubjectType;
  subjectId: string;
  /** `unconfirmed`: changed, and the province had not confirmed it; the other two are noticed by the database's triggers. */
  cause: 'unconfirmed' | 'removed' | 'altered';
}

export interface TreeStateColumns {
  id: number;
  /** How often marks were folded in. */
  folds: number;
  /** Change records up to this id have been looked at. */
  changesSeen: string;
}

/** A signed daily statement. */
export interface StatementColumns {
  /** YYYY-MM-DD in Asia/Shanghai. */
  day: string;
  /** Canonical JSON, exactly as signed. */
  text: string;
  /** SM2 with SM3, DER in base64. */
  signature: string;
  /** DER in base64, of the key that signed. */
  certificate: string;
  /** SM3 of the text; the next statement names it. */
  digest: string;
  createdAt: Date;
}

export function defineTreeRows(sequelize: Sequelize) {
  const subject = { subject: 'text', subjectType: 'text', subjectId: 'text' } as const;
  return {
    treeMarks: defineTable<TreeMarkColumns>(sequelize, 'tree_marks', {
      id: 'sequence',
      ...subject,
      sequence: 'integer',
      digest: 'text',
    }),
    treeSuspects: defineTable<TreeSuspectColumns>(sequelize, 'tree_suspects', {
      id: 'sequence',
      ...subject,
      cause: 'text',
    }),
    treeState: defineTable<TreeStateColumns>(sequelize, 'tree_state', {
      id: 'numberKey',
      folds: 'integer',
      changesSeen: 'text',
    }),
    statements: defineTable<StatementColumns>(sequelize, 'province_statements', {
      day: 'key',
      text: 'longText',
      signature: 'longText',
      certificate: 'longText',
      digest: 'text',
      createdAt: 'instant',
    }),
  };
}
