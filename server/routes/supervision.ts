/** Supervision: what was found, orders and their stages, circulars. */
import { z } from 'zod';
import { openOrderDocument } from '../../exchange/index.ts';
import {
  acceptOrder,
  acknowledgementSchema,
  acknowledgeOrder,
  answerOrder,
  caseFilterSchema,
  checkSchema,
  circularFilterSchema,
  circularSchema,
  concludeReferral,
  conclusionSchema,
  criticiseOrder,
  findingFilterSchema,
  issueOrder,
  listCirculars,
  listFigureCases,
  listFindings,
  listOrders,
  listReports,
  openReportFile,
  orderAnswerSchema,
  orderFilterSchema,
  orderSchema,
  readFinding,
  readOrder,
  readReferralRecord,
  readReport,
  referOrder,
  referralSchema,
  reportFilterSchema,
  returnOrder,
  returnSchema,
  withdrawOrder,
} from '../../models/supervision/index.ts';
import { FileAnswer, type Route, route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import {
  circularAnswer,
  findingAnswer,
  orderAnswer,
  orderSummaryAnswer,
  reportAnswer,
  reportCaseAnswer,
  reportSummaryAnswer,
} from './answers/supervision-orders.ts';
import { JSON_TEXT, MEDIA_TYPES, XLSX } from './media-types.ts';
import { pageQuery } from './paging.ts';

const common = { tag: '监督', access: 'caller' } as const;
const FINDINGS = '/api/v1/supervision/findings';
const ORDERS = '/api/v1/supervision/orders';
const ONE = `${ORDERS}/:id`;
/** An act upon one order. */
const act = { ...common, method: 'post', answer: orderAnswer, idempotent: true } as const;

const readingRoutes: Route[] = [
  route({
    ...common,
    method: 'get',
    path: FINDINGS,
    zh: '监督发现的问题（按单位、类别、期间；各单位只见本单位）',
    en: 'What supervision has found, by body, kind and period; a body sees its own',
    answer: pageOf(findingAnswer),
    query: pageQuery.extend(findingFilterSchema.shape),
    run: ({ house, caller, query }) => listFindings(house, caller, query),
  }),
  route({
    ...common,
    method: 'get',
    path: `${FINDINGS}/:id`,
    zh: '一个问题',
    en: 'One finding',
    answer: findingAnswer,
    run: ({ house, caller, params }) => readFinding(house, caller, params.id ?? ''),
  }),
  route({
    ...common,
    method: 'get',
    path: ORDERS,
    zh: '整改通知列表',
    en: 'Rectification orders, newest first',
    answer: pageOf(orderSummaryAnswer),
    query: pageQuery.extend(orderFilterSchema.shape),
    run: ({ house, caller, query }) => listOrders(house, caller, query),
  }),
  route({
    ...common,
    method: 'get',
    path: ONE,
    zh: '整改通知及其办理过程',
    en: 'An order, whole: its findings, its course, and what followed from it',
    answer: orderAnswer,
    run: ({ house, caller, params }) => readOrder(house, caller, params.id ?? ''),
  }),
  route({
    ...common,
    method: 'get',
    path: `${ONE}/pdf`,
    zh: '整改通知书（PDF，带签名；主管部门和本单位）',
    en: 'An order as PDF, signed by the repository; the same bytes for every reader',
    answerType: MEDIA_TYPES.pdf,
    async run({ house, caller, params }) {
      const id = params.id ?? '';
      return new FileAnswer(await openOrderDocument(house, caller, id), MEDIA_TYPES.pdf, `${id}.pdf`);
    },
  }),
  route({
    ...common,
    method: 'get',
    path: `${ONE}/referral-record`,
    zh: '移送追责的案卷（与移送时的 SM3 摘要一致；主管部门）',
    en: 'The record that went with a referral, byte for byte as its SM3 digest says',
    answerType: JSON_TEXT,
    async run({ house, caller, params }) {
      const id = params.id ?? '';
      return new FileAnswer(await readReferralRecord(house, caller, id), JSON_TEXT, `${id}.json`);
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/v1/supervision/circulars',
    zh: '通报批评（已发布的各单位可见，草稿限主管部门）',
    en: 'Circulars of criticism: published ones for every body, drafts for the bureau',
    answer: pageOf(circularAnswer),
    query: pageQuery.extend(circularFilterSchema.shape),
    run: ({ house, caller, query }) => listCirculars(house, caller, query),
  }),
];

const bodyRoutes: Route[] = [
  route({
    ...act,
    path: `${ONE}/acknowledge`,
    zh: '签收整改通知',
    en: 'Acknowledge an order',
    body: acknowledgementSchema,
    run: ({ house, caller, params, remember }) => acknowledgeOrder(house, caller, params.id ?? '', remember),
  }),
  route({
    ...act,
    path: `${ONE}/answer`,
    zh: '报送整改情况',
    en: 'Tell what was put right, with the digest of the evidence',
    body: orderAnswerSchema,
    run: ({ house, caller, params, body, remember }) => answerOrder(house, caller, params.id ?? '', body, remember),
  }),
];

const bureauRoutes: Route[] = [
  route({
    ...act,
    path: ORDERS,
    zh: '责令限期改正（写明单位和责任人员）',
    en: 'Order a body, and the persons responsible in it, to put findings right by a day',
    body: orderSchema,
    status: 201,
    run: ({ house, caller, body, remember }) => issueOrder(house, caller, body, remember),
  }),
  route({
    ...act,
    path: `${ONE}/accept`,
    zh: '验收通过，整改办结',
    en: 'Accept the answer; the order is closed',
    body: checkSchema,
    run: ({ house, caller, params, body, remember }) => acceptOrder(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...act,
    path: `${ONE}/return`,
    zh: '退回继续整改（重新限期）',
    en: 'Return the answer with a new limit',
    body: returnSchema,
    run: ({ house, caller, params, body, remember }) => returnOrder(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...act,
    path: `${ONE}/criticise`,
    zh: '发布通报批评（期限已过而未完成整改）',
    en: 'Publish the circular of criticism that the clock has drafted',
    body: circularSchema,
    run: ({ house, caller, params, body, remember }) => criticiseOrder(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...act,
    path: `${ONE}/refer`,
    zh: '移送追责（通报之后）',
    en: 'Refer for liability, after the circular, with the whole record',
    body: referralSchema,
    run: ({ house, caller, params, body, remember }) => referOrder(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...act,
    path: `${ONE}/conclude`,
    zh: '记录追责结果，办结',
    en: 'Record what became of the referral; the order is closed',
    body: conclusionSchema,
    run: ({ house, caller, params, body, remember }) =>
      concludeReferral(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...act,
    path: `${ONE}/withdraw`,
    zh: '撤销整改通知',
    en: 'Take back an order that was issued in error',
    body: checkSchema,
    run: ({ house, caller, params, body, remember }) => withdrawOrder(house, caller, params.id ?? '', body, remember),
  }),
];

const REPORTS = '/api/v1/supervision/reports';

const REPORT_TYPES = { xlsx: XLSX, pdf: MEDIA_TYPES.pdf } as const;

const reportFile = (format: 'xlsx' | 'pdf', zh: string, en: string) =>
  route({
    ...common,
    method: 'get',
    path: `${REPORTS}/:id/${format}`,
    zh,
    en,
    answerType: REPORT_TYPES[format],
    async run({ house, caller, params }) {
      const id = params.id ?? '';
      return new FileAnswer(await openReportFile(house, caller, id, format), REPORT_TYPES[format], `${id}.${format}`);
    },
  });

const reportRoutes: Route[] = [
  route({
    ...common,
    method: 'get',
    path: REPORTS,
    zh: '监督报告列表（周、月、季）',
    en: 'Periodic reports: weeks, months, quarters',
    answer: pageOf(reportSummaryAnswer),
    query: pageQuery.extend(reportFilterSchema.shape),
    run: ({ house, caller, query }) => listReports(house, caller, query),
  }),
  route({
    ...common,
    method: 'get',
    path: `${REPORTS}/:id`,
    zh: '监督报告的各项数字（各单位只见本单位）',
    en: 'The figures of a report; a body sees its own',
    answer: reportAnswer,
    run: ({ house, caller, params }) => readReport(house, caller, params.id ?? ''),
  }),
  route({
    ...common,
    method: 'get',
    path: `${REPORTS}/:id/figures/:figure/cases`,
    zh: '一项数字所依据的案件',
    en: 'The cases behind a figure, as they stood at the end of the period',
    answer: pageOf(reportCaseAnswer),
    query: pageQuery.extend(caseFilterSchema.shape).extend({ after: z.string().max(190).optional() }),
    run: ({ house, caller, params, query }) =>
      listFigureCases(house, caller, { reportId: params.id ?? '', figure: params.figure ?? '' }, query),
  }),
  reportFile('xlsx', '监督报告（表格，含案件）', 'A report as a workbook, with the cases behind every figure'),
  reportFile('pdf', '监督报告（PDF，带签名）', 'A report as PDF, signed by the repository'),
];

export const supervisionRoutes: Route[] = [...reportRoutes, ...readingRoutes, ...bodyRoutes, ...bureauRoutes];
