/** Rows of subscriptions, of what is delivered to them, and of every attempt. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface SubscriptionColumns {
  id: string;
  organisationCode: string;
  name: string;
  url: string;
  /** Null: of every type the body may know of. */
  catalogueCodes: readonly string[] | null;
  /** Null: all. */
  acts: readonly string[] | null;
  signing: 'hmac' | 'sm2';
  /** Null with SM2. */
  secretCipher: string | null;
  /** Signs too until `previousUntil`. */
  previousSecretCipher: string | null;
  previousUntil: Date | null;
  state: 'active' | 'paused' | 'disabled';
  /** Why it is disabled. */
  reason: 'GONE' | 'FAILING' | null;
  /** All of the feed up to here has become deliveries. */
  position: number;
  /** Attempts failed since the last that succeeded, but those that the receiver put off. */
  failures: number;
  failingSince: Date | null;
  /** Set when the receiver seems to be down: until then nothing is sent, then one delivery tries it. */
  restUntil: Date | null;
  lastSuccessAt: Date | null;
  /** The longest attempt of the last round. */
  lastDurationMs: number;
  createdAt: Date;
  createdBy: string;
}

export interface DeliveryColumns {
  /** Also the `webhook-id`, the same in every attempt. */
  id: string;
  subscriptionId: string;
  kind: 'change' | 'ping' | 'notice' | 'step' | 'told';
  /** In the feed, for a change. */
  position: number | null;
  /** What is held back while an earlier one of it waits: one licence or entry. */
  subject: string;
  /** What is sent, where no change is. */
  content: Readonly<Record<string, unknown>> | null;
  state: 'waiting' | 'delivered' | 'failed';
  /** That count: see `judgeFailure`. */
  attempts: number;
  runAt: Date;
  lockedUntil: Date | null;
  /** Process that holds the lease. */
  owner: string | null;
  lastOutcome: string | null;
  lastStatus: number | null;
  createdAt: Date;
  doneAt: Date | null;
}

/** What came of an attempt; all but `DELIVERED` are failures, and the last two are ours. */
export const OUTCOMES = [
  'DELIVERED',
  'HTTP_STATUS',
  'REDIRECT',
  'GONE',
  'TIMEOUT',
  'UNREACHABLE',
  'ADDRESS_REFUSED',
  'NOT_SIGNED',
  'NOT_KEPT',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface AttemptColumns {
  id: string;
  deliveryId: string;
  at: Date;
  durationMs: number;
  outcome: Outcome;
  /** HTTP status, where there was an answer. */
  status: number | null;
  /** The beginning of the answer's body, at most 1 kB. */
  excerpt: string | null;
}

export function defineSubscriptionRows(sequelize: Sequelize) {
  return {
    subscriptions: defineTable<SubscriptionColumns>(sequelize, 'subscriptions', {
      id: 'key',
      organisationCode: 'text',
      name: 'text',
      url: 'longText',
      catalogueCodes: 'json',
      acts: 'json',
      signing: 'text',
      secretCipher: 'longText',
      previousSecretCipher: 'longText',
      previousUntil: 'instant',
      state: 'text',
      reason: 'text',
      position: 'integer',
      failures: 'integer',
      failingSince: 'instant',
      restUntil: 'instant',
      lastSuccessAt: 'instant',
      lastDurationMs: 'integer',
      createdAt: 'instant',
      createdBy: 'text',
    }),
    deliveries: defineTable<DeliveryColumns>(sequelize, 'deliveries', {
      id: 'key',
      subscriptionId: 'text',
      kind: 'text',
      position: 'integer',
      subject: 'text',
      content: 'json',
      state: 'text',
      attempts: 'integer',
      runAt: 'instant',
      lockedUntil: 'instant',
      owner: 'text',
      lastOutcome: 'text',
      lastStatus: 'integer',
      createdAt: 'instant',
      doneAt: 'instant',
    }),
    deliveryAttempts: defineTable<AttemptColumns>(sequelize, 'delivery_attempts', {
      id: 'key',
      deliveryId: 'text',
      at: 'instant',
      durationMs: 'integer',
      outcome: 'text',
      status: 'integer',
      excerpt: 'longText',
    }),
  };
}
