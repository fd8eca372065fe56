import { escalateObjections } from '../models/objection/index.ts';
import type { Job } from './job.ts';

/** Every minute: objections that were not answered, or not corrected, in time come before the bureau, once each. */
export const escalateObjectionsJob: Job = {
  name: 'escalate-objections',
  cron: '* * * * *',
  async run(house, caller) {
    const escalated = await escalateObjections(house, caller);
    return escalated > 0 ? { escalated } : undefined;
  },
};
