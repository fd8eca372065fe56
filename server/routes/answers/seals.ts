/** Seals, who may use them, what they were used for, and who made them. */
import { z } from 'zod';
import { SEAL_STATES } from '../../../models/seal/index.ts';

const text = z.string();
const perhaps = z.string().nullable();
const state = z.enum(SEAL_STATES);

export const sealAnswer = z.strictObject({
  sealId: text,
  organisationCode: text,
  kind: z.enum(['unit', 'personal']),
  name: text,
  purpose: perhaps,
  personName: perhaps,
  state,
  years: z.int().nullable(),
  origin: z.enum(['development', 'registered']).nullable(),
  /** Generation of the SESeal: 1 (GM/T 0031-2014), 4 (GB/T 38540-2020), 5 (GM/T 0031-2025). */
  sesVersion: z.int().nullable(),
  esId: perhaps,
  service: perhaps,
  /** The seal that it takes the place of. */
  renews: perhaps,
  validFrom: perhaps,
  validTo: perhaps,
  /** PEM: the SM2 signer's, then the RSA signer's. */
  certificates: z.array(text).readonly(),
});

export const sealUserAnswer = z.strictObject({
  userId: text,
  sealId: text,
  organisationCode: text,
  /** Null: every entry of the issuer. */
  catalogueCodes: z.array(text).readonly().nullable(),
  from: text,
  to: text,
  state: z.enum(['authorised', 'withdrawn']),
});

export const sealDetailAnswer = sealAnswer.extend({
  users: z.array(sealUserAnswer).readonly(),
  changes: z
    .array(
      z.strictObject({
        act: text,
        fromState: state.nullable(),
        toState: state,
        actor: text,
        reason: perhaps,
        at: text,
      }),
    )
    .readonly(),
});

export const sealUseAnswer = z.strictObject({
  useId: text,
  subject: z.enum(['licence', 'review-rule']),
  /** The sealing intent, or the review rule. */
  subjectId: text,
  keyIds: z.array(text).readonly(),
  actorType: z.enum(['person', 'system', 'house', 'public']),
  actor: text,
  organisationCode: perhaps,
  onBehalfOf: text,
  outcome: z.enum(['begun', 'done', 'voided']),
  usedAt: text,
  endedAt: perhaps,
});

export const sealMakerAnswer = z.strictObject({
  makerId: text,
  name: text,
  digest: text,
  acceptedFrom: text,
  acceptedTo: perhaps,
  state: z.enum(['accepted', 'withdrawn']),
  reason: text,
});
