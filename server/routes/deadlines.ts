/** Closing notices and what is overdue. */
import {
  closeCase,
  closingNoticeSchema,
  giveLateReason,
  lateReasonSchema,
  leagueQuery,
  listDeadlines,
  listOverdue,
  stageSchema,
  tellLeague,
} from '../../models/deadline/index.ts';
import { route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import { caseAnswer, deadlineAnswer, leagueAnswer } from './answers/supervision.ts';
import { pageQuery } from './paging.ts';

export const deadlineRoutes = [
  route({
    method: 'post',
    path: '/api/v1/cases',
    tag: '时限',
    zh: '办结通知（启动推送时限）',
    en: 'Closing notice of a case; starts the clock of offline and batch cases',
    answer: caseAnswer,
    access: 'caller',
    body: closingNoticeSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => closeCase(house, caller, body, 'api', remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/deadlines',
    tag: '时限',
    zh: '时限清单：将到期（黄）或已逾期（红）',
    en: 'Clocks that run out (warned), or ran out (overdue)',
    answer: pageOf(deadlineAnswer),
    access: 'caller',
    query: pageQuery.extend({ stage: stageSchema }),
    run: ({ house, caller, query }) => listDeadlines(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/deadlines/overdue',
    tag: '时限',
    zh: '逾期清单',
    en: 'What is overdue, or was met too late',
    answer: pageOf(deadlineAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listOverdue(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/deadlines/league',
    tag: '时限',
    zh: '按部门和期间的推送时限统计与排名',
    en: 'Departments by how well they kept the deadlines of pushing, for the cases closed in a period',
    answer: leagueAnswer,
    access: 'caller',
    query: leagueQuery,
    run: ({ house, caller, query }) => tellLeague(house, caller, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/deadlines/:id/reason',
    tag: '时限',
    zh: '说明逾期原因（一次）',
    en: 'Say why a clock is late; once',
    answer: deadlineAnswer,
    access: 'caller',
    body: lateReasonSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => giveLateReason(house, caller, params.id ?? '', body, remember),
  }),
];
