/** Rows of keys and seals (印章, R-24). Private keys are stored only as encrypted PKCS#8. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface KeyColumns {
  id: string;
  algorithm: 'SM2' | 'RSA';
  purpose: 'root' | 'issuing' | 'seal-maker' | 'signer' | 'repository';
  organisationCode: string | null;
  encryptedPkcs8: string;
  /** DER, the key's own certificate first, its issuers after it. */
  certificates: readonly string[];
  createdAt: Date;
}

export interface SealColumns {
  id: string;
  organisationCode: string;
  name: string;
  /** SESeal of GB/T 38540-2020, DER. */
  eseal: Buffer;
  /** The seal's picture, PNG. */
  picture: Buffer;
  sm2KeyId: string;
  rsaKeyId: string;
  state: 'active' | 'frozen' | 'revoked';
  validFrom: Date;
  validTo: Date;
  createdAt: Date;
}

export function defineSealRows(sequelize: Sequelize) {
  return {
    keys: defineTable<KeyColumns>(sequelize, 'signing_keys', {
      id: 'key',
      algorithm: 'text',
      purpose: 'text',
      organisationCode: 'text',
      encryptedPkcs8: 'longText',
      certificates: 'json',
      createdAt: 'instant',
    }),
    seals: defineTable<SealColumns>(sequelize, 'seals', {
      id: 'key',
      organisationCode: 'text',
      name: 'text',
      eseal: 'bytes',
      picture: 'bytes',
      sm2KeyId: 'text',
      rsaKeyId: 'text',
      state: 'text',
      validFrom: 'instant',
      validTo: 'instant',
      createdAt: 'instant',
    }),
  };
}
