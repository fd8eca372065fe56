/** Rows of keys and seals (印章, R-24). Private keys are stored only as encrypted PKCS#8. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { SealState } from './seal-moves.ts';

export interface KeyColumns {
  id: string;
  algorithm: 'SM2' | 'RSA';
  purpose: 'root' | 'issuing' | 'seal-maker' | 'signer' | 'repository';
  organisationCode: string | null;
  /** Where the private key is: in this row, or at the signing service. */
  provider: 'software' | 'remote';
  /** Encrypted PKCS#8, PEM; empty for a remote key. */
  encryptedPkcs8: string;
  /** What the signing service calls the key. */
  remoteKeyId: string | null;
  /** DER, the key's own certificate first, its issuers after it. */
  certificates: readonly string[];
  state: 'active' | 'disabled';
  /** How often it was given to be used; counted before the use. */
  uses: number;
  /** Null: as often as wanted. */
  maxUses: number | null;
  /** The last instant of use; null: as long as its certificate. */
  notAfterUse: Date | null;
  createdAt: Date;
}

export interface SealColumns {
  id: string;
  organisationCode: string;
  /** `unit`: 单位印章; `personal`: 个人名章 of somebody who signs for the body. */
  kind: 'unit' | 'personal';
  name: string;
  /** What it is for (电子证照专用章); stands on a unit seal below the star. Null in seals of before it was kept. */
  purpose: string | null;
  /** Whose personal seal it is. */
  personName: string | null;
  state: SealState;
  /** How long it was applied for. */
  years: number | null;
  /** Whoever applied: not the one who approves. Null in seals of before it was kept. */
  appliedBy: string | null;
  /** Who made it; null until it is made. */
  origin: 'development' | 'registered' | null;
  /** Generation of the SESeal: 1, 4 or 5. */
  sesVersion: number | null;
  /** The seal's own number (esID). */
  esId: string | null;
  /** SESeal, DER. */
  eseal: Buffer | null;
  /** The seal's picture, PNG. */
  picture: Buffer | null;
  /** Null when a service presses the seal. */
  sm2KeyId: string | null;
  rsaKeyId: string | null;
  /** Name of the outside service that presses the seal; null: the keys here do. */
  service: string | null;
  /** DER in base64: the SM2 signer's, the RSA signer's, then issuers that were handed in with a seal made elsewhere. */
  certificates: readonly string[] | null;
  /** The seal that this one takes the place of. */
  renews: string | null;
  validFrom: Date | null;
  validTo: Date | null;
  createdAt: Date;
}

/** One move of a seal: who, when, why. */
export interface SealChangeColumns {
  id: string;
  sealId: string;
  act: string;
  fromState: SealState | null;
  toState: SealState;
  actor: string;
  organisationCode: string | null;
  reason: string | null;
  createdAt: Date;
}

/** A body that the issuer lets use its seal (C-7.1-4). */
export interface SealUserColumns {
  id: string;
  sealId: string;
  organisationCode: string;
  /** Entries it may seal for; null: all of the issuer's. */
  catalogueCodes: readonly string[] | null;
  /** YYYY-MM-DD, both inclusive. */
  validFrom: string;
  validTo: string;
  state: 'authorised' | 'withdrawn';
  reason: string;
  createdAt: Date;
  createdBy: string;
  endedAt: Date | null;
  endedBy: string | null;
}

/** One use of a seal's keys. Written before the key is used. */
export interface SealUseColumns {
  id: string;
  sealId: string;
  /** The keys that were used: here, or none when a service presses. */
  keyIds: readonly string[];
  /** What was signed: a licence (by its sealing intent) or a review rule. */
  subject: 'licence' | 'review-rule';
  subjectId: string;
  actorType: 'person' | 'system' | 'house' | 'public';
  actor: string;
  /** The body that used it; null: the repository itself. */
  organisationCode: string | null;
  onBehalfOf: string;
  outcome: 'begun' | 'done' | 'voided';
  usedAt: Date;
  endedAt: Date | null;
}

/** A maker of seals (制章人) whose seals are accepted here. */
export interface SealMakerColumns {
  id: string;
  name: string;
  /** DER in base64. */
  certificate: string;
  /** SM3 of the certificate, hex. */
  digest: string;
  acceptedFrom: Date;
  acceptedTo: Date | null;
  state: 'accepted' | 'withdrawn';
  reason: string;
  createdAt: Date;
  createdBy: string;
  endedAt: Date | null;
  endedBy: string | null;
}

export function defineSealRows(sequelize: Sequelize) {
  return {
    keys: defineTable<KeyColumns>(sequelize, 'signing_keys', {
      id: 'key',
      algorithm: 'text',
      purpose: 'text',
      organisationCode: 'text',
      provider: 'text',
      encryptedPkcs8: 'longText',
      remoteKeyId: 'text',
      certificates: 'json',
      state: 'text',
      uses: 'integer',
      maxUses: 'integer',
      notAfterUse: 'instant',
      createdAt: 'instant',
    }),
    seals: defineTable<SealColumns>(sequelize, 'seals', {
      id: 'key',
      organisationCode: 'text',
      kind: 'text',
      name: 'text',
      purpose: 'text',
      personName: 'text',
      state: 'text',
      years: 'integer',
      appliedBy: 'text',
      origin: 'text',
      sesVersion: 'integer',
      esId: 'text',
      eseal: 'bytes',
      picture: 'bytes',
      sm2KeyId: 'text',
      rsaKeyId: 'text',
      service: 'text',
      certificates: 'json',
      renews: 'text',
      validFrom: 'instant',
      validTo: 'instant',
      createdAt: 'instant',
    }),
    sealChanges: defineTable<SealChangeColumns>(sequelize, 'seal_changes', {
      id: 'key',
      sealId: 'text',
      act: 'text',
      fromState: 'text',
      toState: 'text',
      actor: 'text',
      organisationCode: 'text',
      reason: 'longText',
      createdAt: 'instant',
    }),
    sealUsers: defineTable<SealUserColumns>(sequelize, 'seal_users', {
      id: 'key',
      sealId: 'text',
      organisationCode: 'text',
      catalogueCodes: 'json',
      validFrom: 'date',
      validTo: 'date',
      state: 'text',
      reason: 'longText',
      createdAt: 'instant',
      createdBy: 'text',
      endedAt: 'instant',
      endedBy: 'text',
    }),
    sealUses: defineTable<SealUseColumns>(sequelize, 'seal_uses', {
      id: 'key',
      sealId: 'text',
      keyIds: 'json',
      subject: 'text',
      subjectId: 'text',
      actorType: 'text',
      actor: 'text',
      organisationCode: 'text',
      onBehalfOf: 'text',
      outcome: 'text',
      usedAt: 'instant',
      endedAt: 'instant',
    }),
    sealMakers: defineTable<SealMakerColumns>(sequelize, 'seal_makers', {
      id: 'key',
      name: 'text',
      certificate: 'longText',
      digest: 'text',
      acceptedFrom: 'instant',
      acceptedTo: 'instant',
      state: 'text',
      reason: 'longText',
      createdAt: 'instant',
      createdBy: 'text',
      endedAt: 'instant',
      endedBy: 'text',
    }),
  };
}
