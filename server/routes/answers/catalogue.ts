/** A catalogue entry as it is kept: base images by their digests. */
import { z } from 'zod';
import { catalogueDefinitionSchema } from '../../../models/catalogue/index.ts';

export const catalogueAnswer = catalogueDefinitionSchema.omit({ baseImages: true }).extend({
  version: z.int(),
  state: z.enum(['in-force', 'superseded', 'retired']),
  /** Name → SM3, hex. */
  baseImages: z.record(z.string(), z.string()),
});

/** The form of an entry. */
export const formAnswer = z.strictObject({
  schema: z.record(z.string(), z.unknown()),
  uiSchema: z.record(z.string(), z.unknown()),
});

export const reviewRuleAnswer = z.strictObject({
  ruleId: z.string(),
  issuingBody: z.string(),
  catalogueCode: z.string(),
  sources: z.array(z.enum(['front-end', 'api', 'sheet'])).readonly(),
  coversCommitment: z.boolean(),
  from: z.string(),
  to: z.string(),
});
