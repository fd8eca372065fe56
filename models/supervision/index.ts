export {
  acknowledgementSchema,
  acknowledgeOrder,
  answerOrder,
  orderAnswerSchema,
} from './answer-order.ts';
export { acceptOrder, checkSchema, returnOrder, returnSchema, withdrawOrder } from './check-order.ts';
export {
  circularSchema,
  concludeReferral,
  conclusionSchema,
  criticiseOrder,
  referOrder,
  referralSchema,
} from './criticise-order.ts';
export { FINDING_KIND_NAMES } from './finding-words.ts';
export { issueOrder, orderSchema } from './issue-order.ts';
export { findingFilterSchema, listFindings, readFinding } from './list-findings.ts';
export {
  circularFilterSchema,
  listCirculars,
  listOrders,
  orderFilterSchema,
  readOrder,
  readReferralRecord,
} from './list-orders.ts';
export { findUnwritten, keepReportFiles, makeReports } from './make-reports.ts';
export { ORDER_ACTS, ORDER_STATES } from './order-moves.ts';
export { findOrderDocument, keepOrderDocument, type OrderDocument, readOrderDocument } from './read-order-document.ts';
export {
  caseFilterSchema,
  listFigureCases,
  listReports,
  openReportFile,
  type ReportView,
  readCases,
  readReport,
  reportFilterSchema,
  viewReport,
} from './read-reports.ts';
export { figureWords } from './report-figures.ts';
export { supervise } from './supervise.ts';
