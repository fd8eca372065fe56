export { askForPaper, paperRequestSchema } from './ask-for-paper.ts';
export { judgeReport, reportJudgementSchema } from './judge-report.ts';
export { judgeRequest, requestJudgementSchema } from './judge-request.ts';
export { listObtainable, obtainableSchema } from './list-obtainable.ts';
export { listPaperReports, paperReportFilterSchema, readPaperReport } from './list-reports.ts';
export { listPaperRequests, paperRequestFilterSchema, readPaperRequest } from './list-requests.ts';
export { PAPER_OUTCOMES, REPORT_STATES, UNOBTAINABLE } from './paper-words.ts';
export { paperReportSchema, reportPaper } from './report-paper.ts';
