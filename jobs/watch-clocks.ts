import { tellClocks } from '../models/deadline/index.ts';
import type { Job } from './job.ts';

/** Every minute: whose clocks run out or ran out is told, each once, also what came about while nothing ran. */
export const watchClocksJob: Job = {
  name: 'watch-clocks',
  cron: '* * * * *',
  lane: 'bulk',
  async run(house) {
    const { warned, overdue } = await tellClocks(house);
    return warned + overdue > 0 ? { warned, overdue } : undefined;
  },
};
