/** What a department is told of its licence. */
import { z } from 'zod';
import {
  LICENCE_STATES,
  LICENCE_STATUSES,
  type LicenceStatus,
  SUCCESSION_ACTS,
} from '../../../models/licence/index.ts';

export const statusAnswer = z.enum(Object.keys(LICENCE_STATUSES) as [LicenceStatus, ...LicenceStatus[]]);
const text = z.string();
const perhaps = z.string().nullable();

export const submittedAnswer = z.strictObject({ licenceId: text, state: z.enum(LICENCE_STATES), licenceNumber: text });

const versionAnswer = z
  .strictObject({
    licenceId: text,
    identifier: perhaps,
    act: z.enum(SUCCESSION_ACTS),
    state: z.enum(LICENCE_STATES),
  })
  .nullable();

export const licenceAnswer = z.strictObject({
  licenceId: text,
  state: z.enum(LICENCE_STATES),
  status: statusAnswer.nullable(),
  identifier: perhaps,
  catalogueCode: text,
  catalogueVersion: z.int(),
  catalogueName: text,
  issuingBody: text,
  licenceNumber: text,
  holders: z.array(z.strictObject({ holderId: text, name: text, type: text, number: text })).readonly(),
  fields: z.record(text, text),
  validFrom: perhaps,
  validTo: perhaps,
  issuedOn: perhaps,
  caseNumber: perhaps,
  commitment: z.boolean(),
  source: z.enum(['form', 'sheet', 'front-end', 'api', 'province']),
  verificationCode: perhaps,
  files: z.array(z.strictObject({ format: text, version: z.int(), sizeBytes: z.int(), sm3: text })).readonly(),
  reviews: z.array(z.strictObject({ decision: text, reviewerType: text, reason: perhaps, at: text })).readonly(),
  approvals: z.strictObject({ given: z.int(), needed: z.int() }),
  contentDigest: text,
  origin: z.enum(['new', 'stock']),
  paperNumber: perhaps,
  registryComparisons: z
    .array(
      z.strictObject({
        holder: z.int(),
        registry: z.enum(['population', 'legal-person']),
        outcome: z.enum(['match', 'mismatch', 'unknown', 'unavailable', 'not-made']),
        fields: z.array(text).readonly(),
        at: text,
      }),
    )
    .readonly(),
  changes: z
    .array(
      z.strictObject({
        act: text,
        fromStatus: perhaps,
        toStatus: text,
        legalBasis: perhaps,
        reason: perhaps,
        at: text,
        effectiveAt: text,
      }),
    )
    .readonly(),
  succeeds: versionAnswer,
  succeededBy: versionAnswer,
  plannedMoves: z
    .array(
      z.strictObject({
        moveId: text,
        act: text,
        legalBasis: perhaps,
        reason: perhaps,
        effectiveAt: text,
        state: z.enum(['planned', 'done', 'failed', 'withdrawn']),
        why: perhaps,
      }),
    )
    .readonly(),
});

/** What became of a submission. */
export const resultAnswer = z.strictObject({
  licenceId: text,
  state: z.enum(['waiting', 'returned', 'withdrawn', 'issued']),
  step: z.enum(['review', 'second-review', 'seal']).nullable(),
  reason: perhaps,
  identifier: perhaps,
  files: z.array(z.strictObject({ format: text, url: text, sm3: text })).readonly(),
  retryAfter: z.int().nullable(),
});

/** A licence as it was at a moment. */
export const licenceAsOfAnswer = licenceAnswer
  .pick({
    ...{ licenceId: true, identifier: true, licenceNumber: true, holders: true, fields: true, issuedOn: true },
    ...{ validFrom: true, validTo: true, caseNumber: true, files: true, succeeds: true, succeededBy: true },
  })
  .extend({ asOf: text, status: statusAnswer, closedAt: perhaps, factsKnownSince: perhaps });

/** A licence as its holder sees it in the list. */
export const heldLicenceAnswer = z.strictObject({
  licenceId: text,
  identifier: text,
  catalogueCode: text,
  licenceNumber: text,
  issuedOn: perhaps,
  validTo: perhaps,
  status: statusAnswer.nullable(),
});
