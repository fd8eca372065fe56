export { seedCalendar } from './calendar.ts';
export { closeCase, closingNoticeSchema, recordCase } from './close-case.ts';
export { listOverdue } from './list-overdue.ts';
export { meetDeadline } from './open-deadline.ts';
