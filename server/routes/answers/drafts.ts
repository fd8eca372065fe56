/** Drafts, and links to the fill page. */
import { z } from 'zod';
import { unfinishedSchema } from '../../../models/draft/index.ts';

const text = z.string();
const texts = z.array(text).readonly();

export const draftAnswer = z.strictObject({
  draftId: text,
  catalogueCode: text,
  catalogueVersion: z.int(),
  createdAt: text,
  updatedAt: text,
  keptUntil: text,
});

export const openedDraftAnswer = draftAnswer.extend({
  submission: unfinishedSchema,
  versionChange: z
    .strictObject({ from: z.int(), to: z.int(), added: texts, removed: texts, altered: texts, rules: texts })
    .nullable(),
  faults: z
    .array(z.strictObject({ pointer: text, code: text, detail: text.optional(), zh: text, en: text }))
    .readonly()
    .nullable(),
});

export const fillLinkAnswer = z.strictObject({ linkId: text, url: text, expiresAt: text });
