/** What a consuming department is told within a use. */
import { z } from 'zod';
import { INSPECTION_STATES } from '../../../models/inspection/index.ts';
import { statusAnswer } from './licence.ts';

export const openedUseAnswer = z.strictObject({ useCode: z.string(), expiresAt: z.string() });

export const sharedLicenceAnswer = z.strictObject({
  identifier: z.string(),
  catalogueCode: z.string(),
  catalogueName: z.string(),
  licenceNumber: z.string(),
  issuingBody: z.string(),
  issuedOn: z.string().nullable(),
  validFrom: z.string().nullable(),
  validTo: z.string().nullable(),
  status: statusAnswer.nullable(),
  origin: z.enum(['new', 'stock']),
  paperNumber: z.string().nullable(),
  disputed: z.boolean(),
});

export const sharedStatusAnswer = z.strictObject({
  identifier: z.string(),
  status: statusAnswer.nullable(),
  validFrom: z.string().nullable(),
  validTo: z.string().nullable(),
  disputed: z.boolean(),
  inspection: z.strictObject({ year: z.int(), state: z.enum(INSPECTION_STATES), closesOn: z.string() }).nullable(),
  asOf: z.string(),
  newerVersion: z.boolean(),
});

export const comparisonAnswer = z.strictObject({
  fields: z.record(z.string(), z.enum(['same', 'different', 'unknown'])),
});
