/** Cases, clocks, objections, the access log and verification reports. */
import { z } from 'zod';

const perhaps = z.string().nullable();

export const caseAnswer = z.strictObject({
  caseNumber: z.string(),
  mode: z.enum(['online', 'offline', 'batch']),
  closedAt: z.string(),
  dueAt: perhaps,
});

export const overdueAnswer = z.strictObject({
  kind: z.enum(['offline-push', 'batch-push', 'objection']),
  subjectId: z.string(),
  subject: z.string(),
  catalogueCode: perhaps,
  organisationCode: z.string(),
  startedAt: z.string(),
  dueAt: z.string(),
  metAt: perhaps,
  lateMinutes: z.int(),
  skipped: z.array(z.string()).readonly(),
  provisional: z.boolean(),
});

export const objectionAnswer = z.strictObject({
  number: z.string(),
  state: z.enum(['filed', 'upheld', 'rejected']),
  text: z.string(),
  filedAt: z.string(),
  dueAt: z.string(),
  answer: perhaps,
  answeredAt: perhaps,
});

export const auditEntryAnswer = z.strictObject({
  seq: z.int(),
  at: z.string(),
  actorType: z.enum(['person', 'system', 'house', 'public']),
  actorId: z.string(),
  actorName: perhaps,
  organisationCode: perhaps,
  act: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  licenceId: perhaps,
  holderIndex: perhaps,
  caseNumber: perhaps,
  matterCode: perhaps,
  purpose: perhaps,
  address: perhaps,
  requestId: perhaps,
  details: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
});

export const verificationAnswer = z.strictObject({
  format: z.enum(['ofd', 'pdf', 'unknown']),
  signed: z.boolean(),
  valid: z.boolean(),
  trusted: z.boolean().nullable(),
  checks: z
    .array(
      z.strictObject({
        name: z.string(),
        outcome: z.enum(['passed', 'warned', 'failed', 'not-judged']),
        code: z.string().optional(),
        where: z.string().optional(),
        zh: z.string(),
        en: z.string(),
      }),
    )
    .readonly(),
  sm3: z.string(),
  identifier: perhaps,
});
