/** The verification report as the API answers it; the same in JSON Schema is signing's own (reportSchema). */
import { z } from 'zod';

const perhaps = z.string().nullable();
const words = z.strictObject({ zh: z.string(), en: z.string() });

const certificate = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  key: z.enum(['SM2', 'RSA', 'EC', 'other']),
  bits: z.int().nullable(),
});

const signature = z.strictObject({
  where: z.string(),
  kind: z.enum(['seal', 'signature', 'time-stamp']),
  seal: z.strictObject({ name: z.string(), maker: z.string(), validFrom: z.string(), validTo: z.string() }).nullable(),
  claimedAt: perhaps,
  provenAt: perhaps,
  digestAlgorithm: perhaps,
  signatureAlgorithm: perhaps,
  certificate: certificate.nullable(),
  chain: z.array(certificate).readonly(),
  covers: z.strictObject({ unit: z.enum(['files', 'bytes']), count: z.int(), whole: z.boolean() }),
});

const check = z.strictObject({
  name: z.string(),
  outcome: z.enum(['passed', 'warned', 'failed', 'not-judged']),
  code: z.string().optional(),
  where: z.string().optional(),
  zh: z.string(),
  en: z.string(),
});

export const verificationAnswer = z.strictObject({
  file: z.string().optional(),
  reportVersion: z.literal(1),
  format: z.enum(['ofd', 'pdf', 'unknown']),
  signed: z.boolean(),
  valid: z.boolean(),
  trusted: z.boolean().nullable(),
  verdict: z.enum(['valid', 'not-valid', 'undetermined']),
  reason: words,
  checks: z.array(check).readonly(),
  signatures: z.array(signature).readonly(),
  sm3: perhaps,
  bytes: z.int(),
  judgedAt: z.string(),
  rules: z.strictObject({ name: z.string(), version: z.int() }),
  identifier: perhaps,
  newerVersion: z.boolean(),
});
