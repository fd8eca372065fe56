/** Rows of the outbox: what must leave the house, written in the transaction that decided it. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../define-table.ts';

export interface OutboxColumns {
  id: string;
  topic: string;
  /** Messages of one subject leave in order. */
  subject: string;
  payload: unknown;
  /** 0 counter, 1 bulk: lower leaves first. */
  lane: number;
  state: 'waiting' | 'done' | 'failed';
  attempts: number;
  runAt: Date;
  lockedUntil: Date | null;
  /** Process that holds the lease. */
  owner: string | null;
  lastError: string | null;
  createdAt: Date;
  doneAt: Date | null;
}

export function defineOutboxRows(sequelize: Sequelize) {
  return {
    outbox: defineTable<OutboxColumns>(sequelize, 'outbox', {
      id: 'key',
      topic: 'text',
      subject: 'text',
      payload: 'json',
      lane: 'integer',
      state: 'text',
      attempts: 'integer',
      runAt: 'instant',
      lockedUntil: 'instant',
      owner: 'text',
      lastError: 'longText',
      createdAt: 'instant',
      doneAt: 'instant',
    }),
  };
}
