/** Rows of the queue of a house without Redis: jobs that wait, run or failed for good (those done are gone), and the last tick of
 *  each job of the schedule. */
import type { Sequelize } from 'sequelize';
import type { Lane } from '../../kernel/lane.ts';
import { defineTable } from '../define-table.ts';

export interface QueueJobColumns {
  id: string;
  topic: string;
  lane: Lane;
  /** One job of a key at a time in its topic and lane. */
  jobKey: string;
  data: unknown;
  state: 'waiting' | 'running' | 'failed';
  /** Runs that failed. */
  attempts: number;
  mostAttempts: number;
  /** Runs that were broken off: the worker died, or lost its lease. */
  takeovers: number;
  /** When it was to run first. */
  dueAt: Date;
  /** Not before; later than due after a failure. */
  runAt: Date;
  lockedUntil: Date | null;
  /** Process and claim that hold the lease. */
  owner: string | null;
  lastError: string | null;
  endedAt: Date | null;
}

export interface QueueTickColumns {
  name: string;
  /** The last due time that somebody has taken. */
  dueAt: Date;
}

export function defineQueueRows(sequelize: Sequelize) {
  return {
    queueJobs: defineTable<QueueJobColumns>(sequelize, 'queue_jobs', {
      id: 'key',
      topic: 'text',
      lane: 'text',
      jobKey: 'text',
      data: 'json',
      state: 'text',
      attempts: 'integer',
      mostAttempts: 'integer',
      takeovers: 'integer',
      dueAt: 'instant',
      runAt: 'instant',
      lockedUntil: 'instant',
      owner: 'text',
      lastError: 'longText',
      endedAt: 'instant',
    }),
    queueTicks: defineTable<QueueTickColumns>(sequelize, 'queue_ticks', { name: 'key', dueAt: 'instant' }),
  };
}
