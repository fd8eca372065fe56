/** Rows of the outbox: what must leave the house, written in the transaction that decided it, and gone with the transaction
 *  that records what became of it. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../define-table.ts';

export interface OutboxColumns {
  id: string;
  topic: string;
  /** Messages of one subject leave in order (of their ids), never two batches of them at once. */
  subject: string;
  payload: unknown;
  /** 0 counter, 1 bulk: lower leaves first. */
  lane: number;
  /** The front-end machine whose row asked for it, and when the row was pushed. */
  frontEnd: string | null;
  pushedAt: Date | null;
  state: 'waiting';
  attempts: number;
  runAt: Date;
  lockedUntil: Date | null;
  /** Process and claim that hold the lease. */
  owner: string | null;
  lastError: string | null;
  createdAt: Date;
  /** Of earlier versions. */
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
      frontEnd: 'text',
      pushedAt: 'instant',
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
