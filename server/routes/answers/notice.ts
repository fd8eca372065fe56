import { z } from 'zod';
import { NOTICE_WORDS, type NoticeKind } from '../../../models/notice/index.ts';

const kinds = Object.keys(NOTICE_WORDS) as [NoticeKind, ...NoticeKind[]];

export const noticeAnswer = z.strictObject({
  id: z.string(),
  recipient: z.string(),
  kind: z.enum(kinds),
  zh: z.string(),
  en: z.string(),
  subjectId: z.string(),
  stage: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  createdAt: z.string(),
  readAt: z.string().nullable(),
  readBy: z.string().nullable(),
});
