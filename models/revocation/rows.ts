/** Rows of revocation: lists as they were fetched, and what the development authority has revoked. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface RevocationListColumns {
  /** SM3 of the address, hex. */
  id: string;
  url: string;
  /** Subject of its authority, for people; null until a list was had. */
  issuer: string | null;
  /** The newest list that was in order, DER. */
  der: Buffer | null;
  thisUpdate: Date | null;
  nextUpdate: Date | null;
  fetchedAt: Date | null;
  triedAt: Date | null;
  /** Not before this instant is it tried again. */
  tryAfter: Date;
  /** In a row, since it was last had. */
  failures: number;
  /** A closed code, of the last try; null when that went well. */
  lastError: string | null;
}

export interface RevokedCertificateColumns {
  id: string;
  issuerKeyId: string;
  /** Hexadecimal, lower case. */
  serial: string;
  reason: string;
  revokedAt: Date;
  invalidSince: Date | null;
  actor: string;
}

export function defineRevocationRows(sequelize: Sequelize) {
  return {
    revocationLists: defineTable<RevocationListColumns>(sequelize, 'revocation_lists', {
      id: 'key',
      url: 'longText',
      issuer: 'longText',
      der: 'bytes',
      thisUpdate: 'instant',
      nextUpdate: 'instant',
      fetchedAt: 'instant',
      triedAt: 'instant',
      tryAfter: 'instant',
      failures: 'integer',
      lastError: 'text',
    }),
    revokedCertificates: defineTable<RevokedCertificateColumns>(sequelize, 'revoked_certificates', {
      id: 'key',
      issuerKeyId: 'text',
      serial: 'text',
      reason: 'text',
      revokedAt: 'instant',
      invalidSince: 'instant',
      actor: 'text',
    }),
  };
}
