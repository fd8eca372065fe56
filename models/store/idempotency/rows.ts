/** Rows of idempotency keys and the answers first given to them. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../define-table.ts';

export interface IdempotencyColumns {
  /** SM3 of caller and key. */
  id: string;
  requestDigest: string;
  state: 'open' | 'answered';
  status: number | null;
  /** Encrypted. */
  body: string | null;
  lockedUntil: Date | null;
  /** Process that holds the lease. */
  owner: string | null;
  createdAt: Date;
}

export function defineIdempotencyRows(sequelize: Sequelize) {
  return {
    idempotencyKeys: defineTable<IdempotencyColumns>(sequelize, 'idempotency_keys', {
      id: 'key',
      requestDigest: 'text',
      state: 'text',
      status: 'integer',
      body: 'longText',
      lockedUntil: 'instant',
      owner: 'text',
      createdAt: 'instant',
    }),
  };
}
