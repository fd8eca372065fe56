/** Findings, rectification orders, circulars, reports. */
import { z } from 'zod';
import { FINDING_KIND_NAMES, ORDER_ACTS, ORDER_STATES } from '../../../models/supervision/index.ts';
import { leagueAnswer } from './supervision.ts';

const text = z.string();
const perhaps = z.string().nullable();
type Act = keyof typeof ORDER_ACTS;

export const findingAnswer = z.strictObject({
  findingId: text,
  kind: z.enum(FINDING_KIND_NAMES),
  organisationCode: text,
  subject: text,
  catalogueCode: perhaps,
  article: text,
  since: text,
  closedAt: perhaps,
  endedBy: z.enum(['met', 'mended', 'ceased', 'withdrawn', 'event']).nullable(),
  lateMinutes: z.int().nullable(),
  orderId: perhaps,
  link: text,
});

const summary = {
  orderId: text,
  number: text,
  organisationCode: text,
  organisationName: text,
  state: z.enum(ORDER_STATES),
  issuedAt: text,
  dueAt: text,
  provisional: z.boolean(),
  endedAt: perhaps,
};

export const orderSummaryAnswer = z.strictObject(summary);

export const circularAnswer = z.strictObject({
  orderId: text,
  number: perhaps,
  state: z.enum(['draft', 'published', 'dropped']),
  organisationCode: text,
  dueAt: text,
  daysLate: z.int(),
  text,
  draftedAt: text,
  publishedAt: perhaps,
});

const referral = z.strictObject({
  ...{ number: text, authority: text, legalBasis: text, reason: text, recordDigest: text, referredAt: text },
  ...{ outcome: perhaps, concludedAt: perhaps },
});

const event = z.strictObject({
  act: z.enum([...(Object.keys(ORDER_ACTS) as [Act, ...Act[]]), 'issue', 'late']),
  ...{ at: text, organisationCode: perhaps, by: text, words: perhaps },
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const orderAnswer = z.strictObject({
  ...summary,
  responsibleBody: perhaps,
  persons: z.array(z.strictObject({ name: text, duty: text })).readonly(),
  legalBasis: text,
  demand: text,
  workingDays: z.int(),
  rounds: z.int(),
  answer: perhaps,
  evidenceDigest: perhaps,
  findings: z.array(text).readonly(),
  withdrawnFindings: z.array(text).readonly(),
  circular: circularAnswer.nullable(),
  referral: referral.nullable(),
  events: z.array(event).readonly(),
});

const reportSummary = {
  ...{ reportId: text, span: z.enum(['week', 'month', 'quarter']), fromOn: text, toOn: text, madeAt: text },
  ...{ xlsx: perhaps, pdf: perhaps },
};
export const reportSummaryAnswer = z.strictObject(reportSummary);

export const reportAnswer = z.strictObject({
  ...reportSummary,
  figures: z
    .array(
      z.strictObject({
        ...{ organisationCode: text, figure: text, cases: z.int(), mostLateMinutes: z.int().nullable() },
      }),
    )
    .readonly(),
  league: leagueAnswer.shape.items,
});

export const reportCaseAnswer = z.strictObject({
  ...{ caseId: text, organisationCode: text, subject: text, article: perhaps, since: text },
  ...{ lateMinutes: z.int().nullable(), link: text },
});
