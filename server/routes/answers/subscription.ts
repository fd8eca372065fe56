/** Changes as others are told of them, subscriptions and their deliveries. */
import { z } from 'zod';
import { OUTCOMES } from '../../../models/subscription/index.ts';

const perhaps = z.string().nullable();
const list = z.array(z.string()).readonly().nullable();

const changeAnswer = z.strictObject({
  type: z.enum(['licence', 'catalogue']),
  identifier: z.string(),
  catalogueCode: z.string(),
  sequence: z.int(),
  act: z.string(),
  status: perhaps,
  commitment: z.boolean(),
  issuingBody: z.string(),
  at: z.string(),
});

export const changesAnswer = z.strictObject({
  items: z.array(changeAnswer).readonly(),
  next: z.string(),
  more: z.boolean(),
});

export const changeGrantAnswer = z.strictObject({
  organisationCode: z.string(),
  catalogueCode: z.string(),
  nextStep: z.boolean(),
  state: z.enum(['given', 'withdrawn']),
});

export const subscriptionAnswer = z.strictObject({
  id: z.string(),
  organisationCode: z.string(),
  name: z.string(),
  url: z.string(),
  catalogueCodes: list,
  acts: list,
  signing: z.enum(['hmac', 'sm2']),
  state: z.enum(['active', 'paused', 'disabled']),
  reason: z.enum(['GONE', 'FAILING']).nullable(),
  failingSince: perhaps,
  lastSuccessAt: perhaps,
  previousUntil: perhaps,
  createdAt: z.string(),
});

/** The secret is shown once. */
export const newSubscriptionAnswer = subscriptionAnswer.extend({ secret: perhaps });

export const deliveryAnswer = z.strictObject({
  id: z.string(),
  kind: z.enum(['change', 'ping', 'notice', 'step', 'told']),
  subject: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  runAt: perhaps,
  lastOutcome: perhaps,
  lastStatus: z.int().nullable(),
  createdAt: z.string(),
  doneAt: perhaps,
});

const attemptAnswer = z.strictObject({
  at: z.string(),
  durationMs: z.int(),
  outcome: z.enum(OUTCOMES),
  status: z.int().nullable(),
  excerpt: perhaps,
});

export const deliveryWithAttemptsAnswer = deliveryAnswer.extend({ log: z.array(attemptAnswer).readonly() });

export const repositoryKeysAnswer = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        keyId: z.string(),
        algorithm: z.literal('SM2'),
        publicKeyPem: z.string(),
        certificates: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
});
