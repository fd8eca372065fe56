/** Objections and their answers. */
import {
  answerObjection,
  answerSchema,
  fileObjection,
  objectionSchema,
  readObjection,
} from '../../models/objection/index.ts';
import { route } from '../http/route.ts';
import { objectionAnswer } from './answers/supervision.ts';

const tag = '异议';

export const objectionRoutes = [
  route({
    method: 'post',
    path: '/api/v1/objections',
    tag,
    zh: '提出异议',
    en: 'File an objection; the issuer answers within 5 working days',
    answer: objectionAnswer,
    access: 'caller',
    body: objectionSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => fileObjection(house, caller, body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/objections/:number/answer',
    tag,
    zh: '答复异议',
    en: 'Answer an objection: upheld or rejected',
    answer: objectionAnswer,
    access: 'caller',
    body: answerSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      answerObjection(house, caller, params.number ?? '', body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/objections/:number',
    tag,
    zh: '查询异议',
    en: 'The course of an objection',
    answer: objectionAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => readObjection(house, caller, params.number ?? ''),
  }),
];
