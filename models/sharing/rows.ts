/** Rows of matters (事项), use codes (用证码) and copies. */
import type { Sequelize } from 'sequelize';
import type { HolderType } from '../holder/rows.ts';
import { defineTable } from '../store/define-table.ts';

export interface MatterColumns {
  id: string;
  code: string;
  name: string;
  organisationCode: string;
  /** The licence types the matter may ask for. */
  catalogueCodes: readonly string[];
  createdAt: Date;
}

/** One use: one caller, one case, one matter, one person, one purpose. */
export interface UseColumns {
  id: string;
  codeDigest: string;
  callerId: string;
  organisationCode: string;
  caseNumber: string;
  matterCode: string;
  purpose: string;
  holderIndex: string;
  /** Null in uses of before it was kept. */
  holderType: HolderType | null;
  createdAt: Date;
  expiresAt: Date;
}

/** A copy handed out (加注件); the original never changes. */
export interface CopyColumns {
  id: string;
  licenceId: string;
  useId: string;
  recipient: string;
  purpose: string;
  digest: string;
  createdAt: Date;
}

export function defineSharingRows(sequelize: Sequelize) {
  return {
    matters: defineTable<MatterColumns>(sequelize, 'matters', {
      id: 'key',
      code: 'text',
      name: 'text',
      organisationCode: 'text',
      catalogueCodes: 'json',
      createdAt: 'instant',
    }),
    uses: defineTable<UseColumns>(sequelize, 'uses', {
      id: 'key',
      codeDigest: 'text',
      callerId: 'text',
      organisationCode: 'text',
      caseNumber: 'text',
      matterCode: 'text',
      purpose: 'longText',
      holderIndex: 'text',
      holderType: 'text',
      createdAt: 'instant',
      expiresAt: 'instant',
    }),
    copies: defineTable<CopyColumns>(sequelize, 'copies', {
      id: 'key',
      licenceId: 'text',
      useId: 'text',
      recipient: 'text',
      purpose: 'longText',
      digest: 'text',
      createdAt: 'instant',
    }),
  };
}
