import { checkCalendar } from '../models/calendar/index.ts';
import type { Job } from './job.ts';

/** Every hour: is the next year's arrangement missing, late in the year? */
export const remindOfCalendarJob: Job = {
  name: 'remind-of-calendar',
  cron: '5 * * * *',
  async run(house, caller) {
    const { raised, cleared } = await checkCalendar(house, caller);
    return raised + cleared > 0 ? { raised, cleared } : undefined;
  },
};
