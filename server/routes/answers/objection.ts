/** Objections, their evidence and their course. */
import { z } from 'zod';
import {
  EVIDENCE_TYPES,
  OBJECTION_CATEGORIES,
  OBJECTION_EVENTS,
  OBJECTION_STATES,
} from '../../../models/objection/index.ts';

const perhaps = z.string().nullable();
const keysOf = <Key extends string>(words: Readonly<Record<Key, unknown>>) =>
  z.enum(Object.keys(words) as [Key, ...Key[]]);

const summary = {
  number: z.string(),
  state: z.enum(OBJECTION_STATES),
  category: keysOf(OBJECTION_CATEGORIES),
  identifier: z.string(),
  catalogueCode: z.string(),
  issuingBody: z.string(),
  filedByType: z.enum(['holder', 'consumer']),
  filedAt: z.string(),
  dueAt: z.string(),
  correctionDueAt: perhaps,
  escalated: z.boolean(),
  handler: z.strictObject({ userId: z.string(), name: z.string() }).nullable(),
};

export const objectionSummaryAnswer = z.strictObject(summary);

export const evidenceAnswer = z.strictObject({
  evidenceId: z.string(),
  side: z.enum(['objector', 'issuer']),
  name: z.string(),
  format: keysOf(EVIDENCE_TYPES),
  sizeBytes: z.int(),
  sm3: z.string(),
  givenAt: z.string(),
});

const event = z.strictObject({
  act: keysOf(OBJECTION_EVENTS),
  at: z.string(),
  side: z.enum(['objector', 'issuer', 'bureau', 'house']),
  organisationCode: perhaps,
  by: perhaps,
  words: perhaps,
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const objectionAnswer = z.strictObject({
  ...summary,
  text: z.string(),
  claims: z.array(z.strictObject({ field: z.string(), right: z.string() })),
  follows: perhaps,
  answersBy: z.string(),
  provisional: z.boolean(),
  skipped: z.array(z.string()).readonly(),
  answer: perhaps,
  answeredAt: perhaps,
  lateMinutes: z.int().nullable(),
  lateReason: perhaps,
  correction: z.strictObject({ plan: perhaps, sequence: z.int().nullable(), correctedAt: perhaps }).nullable(),
  evidence: z.array(evidenceAnswer).readonly(),
  events: z.array(event).readonly(),
});
