/** Bulk analyses: what was asked and granted, their course, what was delivered. */
import { z } from 'zod';
import { analysisStateSchema, termsSchema } from '../../../models/analysis/index.ts';
import { FAULTS, type FaultCode } from '../../../models/kernel/fault-codes.ts';

const perhaps = z.string().nullable();

export const analysisAnswer = z.strictObject({
  number: z.string(),
  organisationCode: z.string(),
  state: analysisStateSchema,
  purpose: z.string(),
  legalBasis: z.string(),
  personalReason: perhaps,
  responsible: z.strictObject({ name: z.string(), duty: z.string() }),
  recipient: z.strictObject({
    subject: z.string(),
    issuer: z.string(),
    serial: z.string(),
    notAfter: z.string(),
  }),
  asked: termsSchema,
  granted: termsSchema.nullable(),
  moves: z
    .array(z.strictObject({ state: analysisStateSchema, at: z.string(), by: z.string(), reason: perhaps }))
    .readonly(),
  startsAt: perhaps,
  expiresAt: perhaps,
  delivery: z
    .strictObject({
      moment: z.string(),
      rows: z.array(z.int()).readonly(),
      sm3: z.string(),
      sizeBytes: z.int(),
      downloads: z.int(),
    })
    .nullable(),
  failure: z.enum(Object.keys(FAULTS) as [FaultCode]).nullable(),
});

export const analysisCountAnswer = z.strictObject({ rows: z.array(z.int()).readonly(), total: z.int() });

export const traceAnswer = z.strictObject({
  grants: z
    .array(
      z.strictObject({
        number: z.string(),
        organisationCode: z.string(),
        purpose: z.string(),
        marks: z.int(),
        moved: z.int(),
        order: z.strictObject({ pairs: z.int(), inOrder: z.int() }).nullable(),
      }),
    )
    .readonly(),
  unknownMarks: z.int(),
});
