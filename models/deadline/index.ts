export { seedCalendar } from './calendar.ts';
export { closeCase, closingNoticeSchema } from './close-case.ts';
export { listOverdue } from './list-overdue.ts';
