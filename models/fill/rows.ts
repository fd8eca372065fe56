/** Rows of links by which an issuer's own system leads its people to the fill page. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface FillLinkColumns {
  /** Stands in the address; tells nothing. */
  id: string;
  /** SM3 of the token in the address. */
  tokenDigest: string;
  /** SM3 of the secret given to the browser that opened it; null: nobody has. */
  browserDigest: string | null;
  applicationId: string;
  organisationCode: string;
  catalogueCode: string;
  /** What is filled in already. Encrypted. */
  content: string;
  returnUrl: string | null;
  /** Given back as it came. Encrypted: it is not ours to know what is in it. */
  callerState: string | null;
  /** The draft of the same system that it goes on with. */
  draftId: string | null;
  state: 'open' | 'submitted' | 'cancelled';
  licenceId: string | null;
  createdAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
}

export function defineFillRows(sequelize: Sequelize) {
  return {
    fillLinks: defineTable<FillLinkColumns>(sequelize, 'fill_links', {
      id: 'key',
      tokenDigest: 'text',
      browserDigest: 'text',
      applicationId: 'text',
      organisationCode: 'text',
      catalogueCode: 'text',
      content: 'longText',
      returnUrl: 'longText',
      callerState: 'longText',
      draftId: 'text',
      state: 'text',
      licenceId: 'text',
      createdAt: 'instant',
      expiresAt: 'instant',
      endedAt: 'instant',
    }),
  };
}
