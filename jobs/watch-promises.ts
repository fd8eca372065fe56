import { watchPromises } from '../models/commitment/index.ts';
import type { Job } from './job.ts';

/** Every hour: material promised by commitment that falls due, or is late. */
export const watchPromisesJob: Job = {
  name: 'watch-promises',
  cron: '7 * * * *',
  async run(house, _caller, { signal }) {
    const told = await watchPromises(house, () => !signal.aborted);
    return told > 0 ? { told } : undefined;
  },
};
