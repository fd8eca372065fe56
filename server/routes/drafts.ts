/** Drafts: submissions that somebody has begun. */
import { z } from 'zod';
import {
  changeDraft,
  discardDraft,
  draftChangeSchema,
  draftSchema,
  listDrafts,
  openDraft,
  saveDraft,
  submitDraft,
} from '../../models/draft/index.ts';
import { route } from '../http/route.ts';
import { draftAnswer, openedDraftAnswer } from './answers/drafts.ts';
import { submittedAnswer } from './answers/licence.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

const tag = '填报';
/** Pictures travel inside the fields. */
const DRAFT_BYTES = 8 * 1024 * 1024;

export const draftRoutes = [
  route({
    method: 'post',
    path: '/api/v1/drafts',
    tag,
    zh: '保存草稿（不校验，加密保存 30 天）',
    en: 'Save a draft; nothing of it is judged, and it is kept encrypted for 30 days',
    answer: draftAnswer,
    access: 'caller',
    body: draftSchema,
    bodyBytes: DRAFT_BYTES,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => saveDraft(house, caller, body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/drafts',
    tag,
    zh: '本人（本系统）的草稿列表，不含内容',
    en: 'One’s own drafts, without their contents',
    answer: pageOf(draftAnswer),
    access: 'caller',
    query: pageQuery.extend({ catalogueCode: z.string().max(40).optional() }),
    run: ({ house, caller, query }) => listDrafts(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/drafts/:id',
    tag,
    zh: '打开草稿；目录已有新版本的列出变化，faults=true 时列出尚有的问题',
    en: 'One draft, what its entry has changed since, and with faults=true what is still wrong with it',
    answer: openedDraftAnswer,
    access: 'caller',
    query: z.strictObject({ faults: z.enum(['true', 'false']).optional() }),
    run: ({ house, caller, params, query }) =>
      openDraft(house, caller, params.id ?? '', { withFaults: query.faults === 'true' }),
  }),
  route({
    method: 'post',
    path: '/api/v1/drafts/:id',
    tag,
    zh: '再次保存草稿',
    en: 'Save a draft again',
    answer: draftAnswer,
    access: 'caller',
    body: draftChangeSchema,
    bodyBytes: DRAFT_BYTES,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      changeDraft(house, caller, params.id ?? '', body.submission, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/drafts/:id/submit',
    tag,
    zh: '提交草稿（提交成功的同时删除草稿）',
    en: 'Submit a draft; it is gone with the submission',
    answer: submittedAnswer,
    access: 'caller',
    body: z.strictObject({}),
    status: 201,
    idempotent: true,
    run: ({ house, caller, params, remember }) => submitDraft(house, caller, params.id ?? '', remember),
  }),
  route({
    method: 'delete',
    path: '/api/v1/drafts/:id',
    tag,
    zh: '丢弃草稿',
    en: 'Discard a draft',
    answer: draftAnswer,
    access: 'caller',
    idempotent: true,
    run: ({ house, caller, params, remember }) => discardDraft(house, caller, params.id ?? '', remember),
  }),
];
