/** Rows of prints (打印件): each sheet of paper that was drawn, by its serial number. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface PrintColumns {
  id: string;
  /** Stands on the paper; the public check page tells of it. */
  serial: string;
  licenceId: string;
  /** The use within which a consumer printed it; null: its issuer did. */
  useId: string | null;
  organisationCode: string;
  purpose: string;
  digest: string;
  /** Account or application. */
  printedBy: string;
  createdAt: Date;
}

export function definePrintRows(sequelize: Sequelize) {
  return {
    prints: defineTable<PrintColumns>(sequelize, 'prints', {
      id: 'key',
      serial: 'text',
      licenceId: 'text',
      useId: 'text',
      organisationCode: 'text',
      purpose: 'longText',
      digest: 'text',
      printedBy: 'text',
      createdAt: 'instant',
    }),
  };
}
