/** Rows of drafts: submissions somebody has begun to fill in. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface DraftColumns {
  id: string;
  /** Type and id of whoever saved it: nobody else reads it. */
  owner: string;
  organisationCode: string;
  catalogueCode: string;
  /** Of the entry when it was last saved. */
  catalogueVersion: number;
  /** Encrypted: it is full of persons. */
  content: string;
  createdAt: Date;
  updatedAt: Date;
}

export function defineDraftRows(sequelize: Sequelize) {
  return {
    drafts: defineTable<DraftColumns>(sequelize, 'drafts', {
      id: 'key',
      owner: 'text',
      organisationCode: 'text',
      catalogueCode: 'text',
      catalogueVersion: 'integer',
      content: 'longText',
      createdAt: 'instant',
      updatedAt: 'instant',
    }),
  };
}
