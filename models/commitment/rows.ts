/** Rows of notification and commitment (告知承诺, R-26): what was promised with a licence, and every step of it. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

/** open → kept when all has arrived; annulled (撤销) for what was not; ended when the licence ended otherwise. */
export const COMMITMENT_STATES = ['open', 'kept', 'annulled', 'ended'] as const;
export type CommitmentState = (typeof COMMITMENT_STATES)[number];

export interface CommitmentColumns {
  /** The licence's id. */
  id: string;
  issuingBody: string;
  catalogueCode: string;
  state: CommitmentState;
  /** The earliest date by which something is owed; null: nothing is. */
  dueOn: string | null;
  /** The date on which the clock looks at it next. */
  nextOn: string | null;
  /** What was found otherwise than promised is to be put right by then (限期整改). */
  rectifyBy: string | null;
  /** Bodies of the next step that were told of the annulment. */
  toldBodies: readonly string[];
  endedAt: Date | null;
  createdAt: Date;
}

export interface CommitmentItemColumns {
  /** `<licence id>:<place>` */
  id: string;
  licenceId: string;
  /** From 1, as promised. */
  place: number;
  name: string;
  /** By the commitment letter: a calendar date, its day included. */
  dueOn: string;
  arrivedAt: Date | null;
  /** SM3 of what arrived, where the department keeps a file of it. */
  digest: string | null;
  note: string | null;
}

export interface CommitmentStepColumns {
  id: string;
  licenceId: string;
  /** `carry`: taken over from the former version. */
  act: 'promise' | 'amend' | 'arrive' | 'rectify' | 'rectified' | 'carry' | 'end';
  actor: string;
  details: Readonly<Record<string, unknown>>;
  at: Date;
}

export function defineCommitmentRows(sequelize: Sequelize) {
  return {
    commitments: defineTable<CommitmentColumns>(sequelize, 'commitments', {
      id: 'key',
      issuingBody: 'text',
      catalogueCode: 'text',
      state: 'text',
      dueOn: 'date',
      nextOn: 'date',
      rectifyBy: 'date',
      toldBodies: 'json',
      endedAt: 'instant',
      createdAt: 'instant',
    }),
    commitmentItems: defineTable<CommitmentItemColumns>(sequelize, 'commitment_items', {
      id: 'key',
      licenceId: 'text',
      place: 'integer',
      name: 'longText',
      dueOn: 'date',
      arrivedAt: 'instant',
      digest: 'text',
      note: 'longText',
    }),
    commitmentSteps: defineTable<CommitmentStepColumns>(sequelize, 'commitment_steps', {
      id: 'key',
      licenceId: 'text',
      act: 'text',
      actor: 'text',
      details: 'json',
      at: 'instant',
    }),
  };
}
