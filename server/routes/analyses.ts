/** Bulk analysis: applied for, decided by the bureau, delivered under the recipient's key, traced when it leaks. */
import { z } from 'zod';
import {
  analysisDecisionSchema,
  analysisRevocationSchema,
  analysisSchema,
  analysisStateSchema,
  applyForAnalysis,
  countAnalysis,
  type Delivery,
  decideAnalysis,
  downloadAgain,
  downloadDelivery,
  handedOutSchema,
  listAnalyses,
  readAnalysis,
  revokeAnalysis,
  traceRows,
  traceSchema,
  withdrawAnalysis,
} from '../../models/analysis/index.ts';
import { type Route, route, WrittenAnswer } from '../http/route.ts';
import { analysisAnswer, analysisCountAnswer, traceAnswer } from './answers/analysis.ts';
import { pageOf } from './answers/page.ts';
import { ENVELOPE } from './media-types.ts';
import { pageQuery } from './paging.ts';

const TAG = '数据分析';

const toFile = ({ fileName, write }: Delivery) => new WrittenAnswer(ENVELOPE, fileName, write);

export const analysisRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/v1/analyses',
    tag: TAG,
    zh: '申请批量数据分析（用途、依据、目录与字段、条件、期限、接收证书）',
    en: 'Apply for a bulk analysis: purpose, legal basis, types and columns, filter, period, the recipient’s certificate',
    answer: analysisAnswer,
    access: 'caller',
    body: analysisSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => applyForAnalysis(house, caller, body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/analyses',
    tag: TAG,
    zh: '数据分析申请列表（申请单位看本单位，数据局看全部）',
    en: 'Applications, newest first: a body its own, the bureau all',
    answer: pageOf(analysisAnswer),
    access: 'caller',
    query: pageQuery.extend({ state: analysisStateSchema.optional() }),
    run: ({ house, caller, query }) => listAnalyses(house, caller, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/analyses/trace',
    tag: TAG,
    zh: '由外泄数据行追查其来源授权',
    en: 'From which grant rows came that turned up elsewhere, by their marks or their order',
    answer: traceAnswer,
    access: 'caller',
    body: traceSchema,
    run: ({ house, caller, body }) => traceRows(house, caller, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/analyses/:number',
    tag: TAG,
    zh: '查看申请与授权',
    en: 'What was asked and what was granted, side by side, and its course',
    answer: analysisAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => readAnalysis(house, caller, params.number ?? ''),
  }),
  route({
    method: 'get',
    path: '/api/v1/analyses/:number/count',
    tag: TAG,
    zh: '预估条数（仅数据局）',
    en: 'How many rows it would have, for the bureau before it decides',
    answer: analysisCountAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => countAnalysis(house, caller, params.number ?? ''),
  }),
  route({
    method: 'post',
    path: '/api/v1/analyses/:number/decision',
    tag: TAG,
    zh: '授权（可缩小范围，不得扩大）或不予授权',
    en: 'Grant, narrowed if wanted and never wider than asked, or refuse',
    answer: analysisAnswer,
    access: 'caller',
    body: analysisDecisionSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      decideAnalysis(house, caller, params.number ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/analyses/:number/withdraw',
    tag: TAG,
    zh: '撤回申请',
    en: 'Take an application back that is not decided',
    answer: analysisAnswer,
    access: 'caller',
    body: z.strictObject({}),
    idempotent: true,
    run: ({ house, caller, params, remember }) => withdrawAnalysis(house, caller, params.number ?? '', remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/analyses/:number/revoke',
    tag: TAG,
    zh: '收回授权，立即停止交付并删除文件',
    en: 'Take a grant back: nothing more is handed out, and the file is deleted',
    answer: analysisAnswer,
    access: 'caller',
    body: analysisRevocationSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      revokeAnalysis(house, caller, params.number ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/analyses/:number/download',
    tag: TAG,
    zh: '下载交付文件（加密；每次计数并记入日志，同一 Idempotency-Key 再次下载不重复计数）',
    en: 'The delivery, under the recipient’s key; each download counts and is logged; under the same key the same bytes again, not counted',
    access: 'caller',
    body: z.strictObject({}),
    answerType: ENVELOPE,
    idempotent: true,
    run: async ({ house, caller, params, remember }) =>
      toFile(await downloadDelivery(house, caller, params.number ?? '', remember)),
    again: async ({ house, caller, params }, remembered) =>
      toFile(await downloadAgain(house, caller, params.number ?? '', handedOutSchema.parse(remembered))),
  }),
];
