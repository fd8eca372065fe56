/** The auditor's search. A holder's number travels in a body (POST), never in an address. */
import { auditSearchSchema, searchAudit } from '../../models/audit/index.ts';
import { route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import { auditEntryAnswer } from './answers/supervision.ts';

const tag = '审计';

export const auditRoutes = [
  route({
    method: 'get',
    path: '/api/v1/audit/entries',
    tag,
    zh: '访问日志检索',
    en: 'Search the access log by body, operator, licence, case, act and time',
    answer: pageOf(auditEntryAnswer),
    access: 'caller',
    query: auditSearchSchema.omit({ holderNumber: true }),
    run: ({ house, caller, query }) => searchAudit(house, caller, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/audit/search',
    tag,
    zh: '访问日志检索（可按持证主体）',
    en: 'The same search, by holder as well',
    answer: pageOf(auditEntryAnswer),
    access: 'caller',
    body: auditSearchSchema,
    run: ({ house, caller, body }) => searchAudit(house, caller, body),
  }),
];
