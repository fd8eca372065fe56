/** Rows of holders (持证主体, R-04). Numbers are encrypted; the blind index finds them. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export type HolderType = 'natural' | 'legal';

export interface HolderColumns {
  id: string;
  type: HolderType;
  name: string;
  /** Code type of GB/T 36903 Annex A: 001 social credit code, 111 resident number, … */
  numberType: string;
  numberCipher: string;
  numberIndex: string;
  createdAt: Date;
}

export function defineHolderRows(sequelize: Sequelize) {
  return {
    holders: defineTable<HolderColumns>(sequelize, 'holders', {
      id: 'key',
      type: 'text',
      name: 'text',
      numberType: 'text',
      numberCipher: 'longText',
      numberIndex: 'text',
      createdAt: 'instant',
    }),
  };
}
