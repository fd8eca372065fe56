import { sweepIntents } from '../models/licence/index.ts';
import type { Job } from './job.ts';

/** Every minute: sealings that nobody is working on any more are voided. */
export const sweepIntentsJob: Job = {
  name: 'sweep-intents',
  cron: '* * * * *',
  async run(house, caller) {
    const voided = await sweepIntents(house, caller);
    return voided > 0 ? { voided } : undefined;
  },
};
