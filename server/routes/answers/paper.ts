/** Paper that was asked for: what can be had here, requests, reports. */
import { z } from 'zod';
import { PAPER_OUTCOMES, REPORT_STATES, UNOBTAINABLE } from '../../../models/paper/index.ts';

const text = z.string();
const perhaps = z.string().nullable();
const why = z.enum(UNOBTAINABLE).nullable();

export const obtainableAnswer = z.strictObject({
  items: z.array(z.strictObject({ catalogueCode: text, catalogueName: text, obtainable: z.boolean(), why })).readonly(),
});

export const paperRequestAnswer = z.strictObject({
  ...{ requestId: text, organisationCode: text, matterCode: text, caseNumber: text, catalogueCode: text },
  ...{ obtainable: z.boolean(), outcome: z.enum(PAPER_OUTCOMES), why, legalBasis: perhaps, exceptionWords: perhaps },
  ...{ reason: text, askedAt: text, tenable: z.boolean().nullable(), judgement: perhaps, judgedAt: perhaps },
});

export const paperReportAnswer = z.strictObject({
  ...{ reportId: text, number: text, organisationCode: text, matter: perhaps, catalogueCode: text, askedOn: text },
  ...{ words: perhaps, obtainable: z.boolean(), excepted: z.boolean(), state: z.enum(REPORT_STATES) },
  ...{ judgement: perhaps, judgedAt: perhaps, filedAt: text },
});
