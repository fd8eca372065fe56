export { closeCase, closingNoticeSchema, recordCase } from './close-case.ts';
export { listDeadlines, listOverdue, stageSchema } from './list-deadlines.ts';
export { meetDeadlines } from './open-deadline.ts';
