/** Rows of people who sign in, systems that hold tokens, and what they hold. Secrets are stored as digests only. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { Role } from './roles.ts';

export interface UserColumns {
  id: string;
  loginName: string;
  displayName: string;
  organisationCode: string | null;
  passwordHash: string;
  roles: readonly Role[];
  state: 'active' | 'disabled';
  failedLogins: number;
  lockedUntil: Date | null;
  /** For holders: the record of the person who signs in. */
  holderId: string | null;
  createdAt: Date;
}

export interface ApplicationColumns {
  id: string;
  name: string;
  /** Empty for the personal credentials of somebody without a body. */
  organisationCode: string;
  /** The person in whose name it acts; null for a system of its own. */
  userId: string | null;
  secretDigest: string;
  scopes: readonly Role[];
  /** Hosts to which the fill page may lead back; null: none. */
  returnHosts: readonly string[] | null;
  state: 'active' | 'disabled';
  createdAt: Date;
}

export interface SessionColumns {
  tokenDigest: string;
  userId: string;
  csrfToken: string;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
}

export interface AccessTokenColumns {
  tokenDigest: string;
  applicationId: string;
  scopes: readonly Role[];
  createdAt: Date;
  expiresAt: Date;
}

export function defineAccountRows(sequelize: Sequelize) {
  return {
    users: defineTable<UserColumns>(sequelize, 'users', {
      id: 'key',
      loginName: 'text',
      displayName: 'text',
      organisationCode: 'text',
      passwordHash: 'text',
      roles: 'json',
      state: 'text',
      failedLogins: 'integer',
      lockedUntil: 'instant',
      holderId: 'text',
      createdAt: 'instant',
    }),
    applications: defineTable<ApplicationColumns>(sequelize, 'applications', {
      id: 'key',
      name: 'text',
      organisationCode: 'text',
      userId: 'text',
      secretDigest: 'text',
      scopes: 'json',
      returnHosts: 'json',
      state: 'text',
      createdAt: 'instant',
    }),
    sessions: defineTable<SessionColumns>(sequelize, 'sessions', {
      tokenDigest: 'key',
      userId: 'text',
      csrfToken: 'text',
      createdAt: 'instant',
      seenAt: 'instant',
      expiresAt: 'instant',
    }),
    accessTokens: defineTable<AccessTokenColumns>(sequelize, 'access_tokens', {
      tokenDigest: 'key',
      applicationId: 'text',
      scopes: 'json',
      createdAt: 'instant',
      expiresAt: 'instant',
    }),
  };
}
