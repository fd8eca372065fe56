export { checkCalendar } from './check-calendar.ts';
export { dueTimeId, findDueTimes } from './due-times.ts';
export { explainDue, explainQuery } from './explain-due.ts';
export { loadCalendar } from './load-calendar.ts';
export { type CalendarYearInput, calendarYearSchema, saveYear } from './save-year.ts';
export { seedCalendar } from './seed-calendar.ts';
export { tellAgain } from './tell-again.ts';
export { viewCalendar, viewYear } from './view-year.ts';
export { explainWorkingDays } from './working-days.ts';
