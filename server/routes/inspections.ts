/** Annual inspections (网络年检): what is due, what the holder declares, what it came to. */
import { z } from 'zod';
import {
  inspectionResultSchema,
  inspectionResultsSchema,
  inspectionStatementSchema,
  inspectionsQuery,
  listInspections,
  recordResult,
  recordResults,
  submitStatement,
} from '../../models/inspection/index.ts';
import { type Route, route } from '../http/route.ts';
import { inspectionAnswer } from './answers/desks.ts';
import { pageOf } from './answers/page.ts';

const tag = '年检';

export const inspectionRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/v1/inspections',
    tag,
    zh: '年检清单（待检、已提交、通过、不通过、逾期、失效）',
    en: 'Annual inspections: a department’s own, all for the bureau, the holder’s own',
    answer: pageOf(inspectionAnswer),
    access: 'caller',
    query: inspectionsQuery,
    run: ({ house, caller, query }) => listInspections(house, caller, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/inspections/results',
    tag,
    zh: '批量登记年检结果（全部正确才登记）',
    en: 'Record the results of many inspections: all or none',
    answer: z.strictObject({ items: z.array(inspectionAnswer).readonly() }),
    access: 'caller',
    body: inspectionResultsSchema,
    idempotent: true,
    run: ({ house, caller, body, remember }) => recordResults(house, caller, body.items, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/inspections/:id/result',
    tag,
    zh: '登记年检结果',
    en: 'Record the result of an inspection: passed or failed, with reason',
    answer: inspectionAnswer,
    access: 'caller',
    body: inspectionResultSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => recordResult(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/inspections/:id/statement',
    tag,
    zh: '持证主体网络年检申报',
    en: 'The holder declares online what the inspection asks for',
    answer: inspectionAnswer,
    access: 'caller',
    body: inspectionStatementSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => submitStatement(house, caller, params.id ?? '', body, remember),
  }),
];
