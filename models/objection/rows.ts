/** Rows of objections (异议, R-50). */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface ObjectionColumns {
  id: string;
  number: string;
  licenceId: string;
  issuingBody: string;
  filedByType: 'holder' | 'consumer';
  filedBy: string;
  organisationCode: string | null;
  text: string;
  state: 'filed' | 'upheld' | 'rejected';
  answer: string | null;
  answeredBy: string | null;
  answeredAt: Date | null;
  filedAt: Date;
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
      text: 'longText',
      state: 'text',
      answer: 'longText',
      answeredBy: 'text',
      answeredAt: 'instant',
      filedAt: 'instant',
    }),
  };
}
