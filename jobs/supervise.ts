import { supervise } from '../models/supervision/index.ts';
import type { Job } from './job.ts';

/** Every hour: what is late or missing is found and closed, and orders that were not carried out have their circular drafted. */
export const superviseJob: Job = {
  name: 'supervise',
  cron: '20 * * * *',
  lane: 'bulk',
  async run(house, caller, { signal }) {
    const { findings, drafted } = await supervise(house, caller, () => !signal.aborted);
    return findings + drafted > 0 ? { findings, drafted } : undefined;
  },
};
