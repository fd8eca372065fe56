/** Cases, clocks and the access log. */
import { z } from 'zod';
import { CLOCK_STANDS } from '../../../models/deadline/index.ts';

const perhaps = z.string().nullable();

export const caseAnswer = z.strictObject({
  caseNumber: z.string(),
  mode: z.enum(['online', 'offline', 'batch']),
  closedAt: z.string(),
  dueAt: perhaps,
});

export const caseCountAnswer = caseAnswer.extend({
  catalogueCode: z.string(),
  batch: z.strictObject({ declared: z.int(), arrived: z.int(), missing: z.int() }).nullable(),
});

export const caseWithdrawnAnswer = caseAnswer.extend({ withdrawnAt: z.string() });

export const deadlineAnswer = z.strictObject({
  id: z.string(),
  kind: z.enum(['offline-push', 'batch-push', 'objection', 'correction', 'rectification']),
  stage: z.enum(['warned', 'overdue']),
  subjectId: z.string(),
  subject: z.string(),
  catalogueCode: perhaps,
  offlineReason: perhaps,
  organisationCode: z.string(),
  article: z.string(),
  startedAt: z.string(),
  dueAt: z.string(),
  metAt: perhaps,
  lateMinutes: z.int(),
  lateReason: perhaps,
  lateReasonAt: perhaps,
  skipped: z.array(z.string()).readonly(),
  provisional: z.boolean(),
});

export const clockAnswer = deadlineAnswer.extend({ stage: z.enum(CLOCK_STANDS) });

const count = z.int();

export const leagueAnswer = z.strictObject({
  from: z.string(),
  to: z.string(),
  items: z
    .array(
      z.strictObject({
        organisationCode: z.string(),
        name: z.string(),
        ...{ closed: count, inTime: count, late: count, overdue: count, running: count },
        medianLateMinutes: z.number().nullable(),
        mostLateMinutes: count.nullable(),
        ...{ explained: count, withoutOfflineReason: count },
        shareInTime: z.number().nullable(),
        rank: count.nullable(),
      }),
    )
    .readonly(),
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

const dayKind = z.enum(['holiday', 'working']);
const calendarYear = {
  year: z.int(),
  source: z.string(),
  state: z.enum(['published', 'provisional']),
  document: perhaps,
};

const changedDays = z
  .array(z.strictObject({ date: z.string(), before: dayKind.nullable(), after: dayKind.nullable() }))
  .readonly();

export const calendarAnswer = z.strictObject({
  years: z.array(z.strictObject(calendarYear)).readonly(),
  nextYearMissing: z.boolean(),
  missingYear: z.int().nullable(),
});

export const calendarYearAnswer = z.strictObject({
  ...calendarYear,
  days: z.array(z.strictObject({ date: z.string(), kind: dayKind, name: z.string() })).readonly(),
  changes: z
    .array(
      z.strictObject({
        actor: z.string(),
        days: changedDays,
        states: perhaps,
        changedAt: z.string(),
        movedTimes: z.int(),
        movedClocks: z.int(),
      }),
    )
    .readonly(),
});

export const calendarImportAnswer = z.strictObject({
  dryRun: z.boolean(),
  years: z
    .array(
      z.strictObject({
        ...{ year: z.int(), days: changedDays, states: perhaps },
        ...{ movedTimes: z.int(), movedClocks: z.int() },
      }),
    )
    .readonly(),
  leftOut: z.array(z.strictObject({ year: z.int(), days: z.int() })).readonly(),
  ignoredEvents: z.int(),
});

export const explainedDaysAnswer = z.strictObject({
  dueDate: z.string(),
  dueAt: z.string(),
  provisional: z.boolean(),
  days: z
    .array(
      z.strictObject({
        date: z.string(),
        counts: z.boolean(),
        reason: z.enum(['weekday', 'weekend', 'holiday', 'make-up']),
        name: perhaps,
        published: z.boolean(),
      }),
    )
    .readonly(),
});
