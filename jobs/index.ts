export { type Schedule, type ScheduleOptions, startSchedule } from './schedule.ts';
