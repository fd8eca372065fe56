/** What the repository tells a body, the bureau or a holder. */
import { z } from 'zod';
import { listNotices, markNoticeRead, unreadSchema } from '../../models/notice/index.ts';
import { route } from '../http/route.ts';
import { noticeAnswer } from './answers/notice.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

export const noticeRoutes = [
  route({
    method: 'get',
    path: '/api/v1/notices',
    tag: '通知',
    zh: '本单位（主管部门、持证主体本人）收到的通知，可只看未读',
    en: 'Notices of one’s own body, of the bureau, or of the holder; unread ones only, if asked',
    answer: pageOf(noticeAnswer),
    access: 'caller',
    query: pageQuery.extend({ unread: unreadSchema }),
    run: ({ house, caller, query }) => listNotices(house, caller, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/notices/:id/read',
    tag: '通知',
    zh: '标为已读',
    en: 'Mark a notice as read',
    answer: noticeAnswer,
    access: 'caller',
    body: z.strictObject({}),
    idempotent: true,
    run: ({ house, caller, params, remember }) => markNoticeRead(house, caller, params.id ?? '', remember),
  }),
];
