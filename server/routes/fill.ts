/** Links to the hosted fill page, for issuers' own systems. */
import { fillLinkSchema, makeFillLink } from '../../models/fill/index.ts';
import { route } from '../http/route.ts';
import { fillLinkAnswer } from './answers/drafts.ts';

/** Pictures travel inside the fields. */
const LINK_BYTES = 8 * 1024 * 1024;

export const fillRoutes = [
  route({
    method: 'post',
    path: '/api/v1/fill-links',
    tag: '填报',
    zh: '获取填报页面链接（一次一件，限一个浏览器，至多 60 分钟）',
    en: 'A link to the hosted fill page: for one submission, one browser, at most 60 minutes',
    answer: fillLinkAnswer,
    access: 'caller',
    body: fillLinkSchema,
    bodyBytes: LINK_BYTES,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => makeFillLink(house, caller, body, remember),
  }),
];
