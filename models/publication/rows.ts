/** Rows of the change feed. A change is written into the intake by the act that makes it; once that is committed, it is
 *  moved into the feed and given its position. Instants of changes are milliseconds since 1970. */
import type { Sequelize } from 'sequelize';
import type { LicenceStatus } from '../licence/states.ts';
import { defineTable } from '../store/define-table.ts';

export interface ChangeColumns {
  type: 'licence' | 'catalogue';
  subjectId: string;
  identifier: string;
  sequence: number;
  act: string;
  status: LicenceStatus | null;
  /** Issued by notification and commitment (告知承诺). */
  commitment: boolean;
  issuingBody: string;
  catalogueCode: string;
  atMs: number;
}

export interface FeedColumns extends ChangeColumns {
  /** Without gaps, in the order in which changes became visible. */
  position: number;
}

export interface IntakeColumns extends ChangeColumns {
  /** Given by the database at the insert; says nothing of the order of commits. */
  entry: number;
}

/** The last position given; whoever gives positions holds this row. */
export interface HeadColumns {
  id: number;
  position: number;
}

/** The bureau lets a body know of changes of a licence type. */
export interface GrantColumns {
  id: string;
  organisationCode: string;
  /** Catalogue code; `*` for all. */
  catalogueCode: string;
  /** It handles what comes after an approval of this type, and is told of annulled commitments whatever it subscribes to. */
  nextStep: boolean;
  createdAt: Date;
  createdBy: string;
}

const CHANGE_KINDS = {
  type: 'text',
  subjectId: 'text',
  identifier: 'text',
  sequence: 'integer',
  act: 'text',
  status: 'text',
  commitment: 'boolean',
  issuingBody: 'text',
  catalogueCode: 'text',
  atMs: 'integer',
} as const;

export function definePublicationRows(sequelize: Sequelize) {
  return {
    changeIntake: defineTable<IntakeColumns>(sequelize, 'change_intake', { entry: 'sequence', ...CHANGE_KINDS }),
    changeFeed: defineTable<FeedColumns>(sequelize, 'change_feed', { position: 'numberKey', ...CHANGE_KINDS }),
    changeHead: defineTable<HeadColumns>(sequelize, 'change_head', { id: 'numberKey', position: 'integer' }),
    changeGrants: defineTable<GrantColumns>(sequelize, 'change_grants', {
      id: 'key',
      organisationCode: 'text',
      catalogueCode: 'text',
      nextStep: 'boolean',
      createdAt: 'instant',
      createdBy: 'text',
    }),
  };
}
