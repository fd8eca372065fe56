/** What can be had here is not asked for on paper (第十六条). */
import {
  askForPaper,
  judgeReport,
  judgeRequest,
  listObtainable,
  listPaperReports,
  listPaperRequests,
  obtainableSchema,
  paperReportFilterSchema,
  paperReportSchema,
  paperRequestFilterSchema,
  paperRequestSchema,
  readPaperReport,
  readPaperRequest,
  reportJudgementSchema,
  reportPaper,
  requestJudgementSchema,
} from '../../models/paper/index.ts';
import { route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import { obtainableAnswer, paperReportAnswer, paperRequestAnswer } from './answers/paper.ts';
import { pageQuery } from './paging.ts';

const common = { tag: '监督', access: 'caller' } as const;
const REQUESTS = '/api/v1/paper-requests';
const REPORTS = '/api/v1/paper-reports';

const requestRoutes = [
  route({
    ...common,
    method: 'post',
    path: '/api/v1/materials/obtainable',
    zh: '事项所需证照能否通过共享获得',
    en: 'Of every licence type the matter asks for: whether it can be had here, and why not',
    answer: obtainableAnswer,
    body: obtainableSchema,
    run: ({ house, caller, body }) => listObtainable(house, caller, body),
  }),
  route({
    ...common,
    method: 'post',
    path: REQUESTS,
    zh: '要求申请人提交纸质证照（可共享获得的须写明例外依据）',
    en: 'Ask the applicant for paper; what can be had here only by an exception that is named',
    answer: paperRequestAnswer,
    body: paperRequestSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => askForPaper(house, caller, body, remember),
  }),
  route({
    ...common,
    method: 'get',
    path: REQUESTS,
    zh: '索要纸质证照记录（各单位只见本单位）',
    en: 'Requests for paper, newest first; a body sees its own',
    answer: pageOf(paperRequestAnswer),
    query: pageQuery.extend(paperRequestFilterSchema.shape),
    run: ({ house, caller, query }) => listPaperRequests(house, caller, query),
  }),
  route({
    ...common,
    method: 'get',
    path: `${REQUESTS}/:id`,
    zh: '一条索要纸质证照记录',
    en: 'One request for paper',
    answer: paperRequestAnswer,
    run: ({ house, caller, params }) => readPaperRequest(house, caller, params.id ?? ''),
  }),
  route({
    ...common,
    method: 'post',
    path: `${REQUESTS}/:id/judgement`,
    zh: '核查例外依据（不成立的列为监督问题）',
    en: 'Judge the exception of a request; an untenable one is a finding',
    answer: paperRequestAnswer,
    body: requestJudgementSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => judgeRequest(house, caller, params.id ?? '', body, remember),
  }),
];

const reportRoutes = [
  route({
    ...common,
    method: 'post',
    path: REPORTS,
    zh: '反映被要求提交纸质证照（持证主体本人）',
    en: 'A holder reports that paper was asked of them',
    answer: paperReportAnswer,
    body: paperReportSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => reportPaper(house, caller, body, remember),
  }),
  route({
    ...common,
    method: 'get',
    path: REPORTS,
    zh: '反映列表（本人的；主管部门可见全部；单位可见已认定的）',
    en: 'Reports, newest first: one’s own; all for the bureau; those confirmed of it for a body',
    answer: pageOf(paperReportAnswer),
    query: pageQuery.extend(paperReportFilterSchema.shape),
    run: ({ house, caller, query }) => listPaperReports(house, caller, query),
  }),
  route({
    ...common,
    method: 'get',
    path: `${REPORTS}/:id`,
    zh: '一条反映及其处理结果',
    en: 'One report and what came of it',
    answer: paperReportAnswer,
    run: ({ house, caller, params }) => readPaperReport(house, caller, params.id ?? ''),
  }),
  route({
    ...common,
    method: 'post',
    path: `${REPORTS}/:id/judgement`,
    zh: '核查反映（属实的列为监督问题）',
    en: 'Confirm a report, which makes it a finding, or dismiss it',
    answer: paperReportAnswer,
    body: reportJudgementSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => judgeReport(house, caller, params.id ?? '', body, remember),
  }),
];

export const paperRoutes = [...requestRoutes, ...reportRoutes];
