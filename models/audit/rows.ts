/** Rows of the access log: one entry an access, chained by SM3. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { AuditAct, AuditOutcome } from './audit-words.ts';

export interface AuditColumns {
  /** 1, 2, 3 … without a gap. */
  seq: number;
  at: Date;
  actorType: 'person' | 'system' | 'house' | 'public';
  actorId: string;
  organisationCode: string | null;
  act: AuditAct;
  outcome: AuditOutcome;
  licenceId: string | null;
  /** Blind index of the holder concerned. */
  holderIndex: string | null;
  caseNumber: string | null;
  matterCode: string | null;
  purpose: string | null;
  address: string | null;
  requestId: string | null;
  details: Readonly<Record<string, unknown>>;
  previousHash: string;
  hash: string;
}

/** A further licence or holder of an entry; the value is the licence's id or the holder's blind index. */
export interface AuditSubjectColumns {
  kind: 'licence' | 'holder';
  value: string;
  seq: number;
}

/** The one row that writers lock to extend the chain. */
export interface AuditHeadColumns {
  id: number;
  seq: number;
  hash: string;
}

export function defineAuditRows(sequelize: Sequelize) {
  return {
    auditEntries: defineTable<AuditColumns>(sequelize, 'audit_entries', {
      seq: 'numberKey',
      at: 'instant',
      actorType: 'text',
      actorId: 'text',
      organisationCode: 'text',
      act: 'text',
      outcome: 'text',
      licenceId: 'text',
      holderIndex: 'text',
      caseNumber: 'text',
      matterCode: 'text',
      purpose: 'longText',
      address: 'text',
      requestId: 'text',
      details: 'json',
      previousHash: 'text',
      hash: 'text',
    }),
    auditSubjects: defineTable<AuditSubjectColumns>(sequelize, 'audit_subjects', {
      kind: 'text',
      value: 'text',
      seq: 'integer',
    }),
    auditHead: defineTable<AuditHeadColumns>(sequelize, 'audit_head', {
      id: 'numberKey',
      seq: 'integer',
      hash: 'text',
    }),
  };
}
