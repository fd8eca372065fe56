import { turnLicences } from '../models/licence/index.ts';
import type { Job } from './job.ts';

/** Every minute: licences take effect and expire by the dates on their faces, and planned changes of status are made. */
export const turnLicencesJob: Job = {
  name: 'turn-licences',
  cron: '* * * * *',
  async run(house, caller) {
    const steps = await turnLicences(house, caller);
    return steps > 0 ? { steps } : undefined;
  },
};
