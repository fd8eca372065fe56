export { closeCase, closingNoticeSchema, recordCase } from './close-case.ts';
export { caseQuery, countCase } from './count-batch.ts';
export { giveLateReason, lateReasonSchema } from './give-late-reason.ts';
export { type League, type LeagueRow, leagueQuery, tellLeague } from './league.ts';
export { type DeadlineItem, listDeadlines, listOverdue, stageSchema } from './list-deadlines.ts';
export { meetDeadlines } from './open-deadline.ts';
export { CLOCK_STANDS, readDeadline } from './read-deadline.ts';
export { tellClocks } from './tell-clocks.ts';
export { caseWithdrawalSchema, withdrawCase } from './withdraw-case.ts';
