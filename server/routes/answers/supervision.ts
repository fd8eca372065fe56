/** Cases, clocks, objections and the access log. */
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
