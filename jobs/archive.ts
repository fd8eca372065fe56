import { openYearlyArchives, workOnArchives } from '../models/archive/index.ts';
import type { Job } from './job.ts';

/** At most so long at a time; the next run goes on where this one ended. */
const WORKS_FOR_MS = 20_000;

/** Every half minute: archive batches that were ordered are made, a volume at a time, out of the counter's way. */
export const archiveJob: Job = {
  name: 'archive',
  cron: '*/30 * * * * *',
  lane: 'bulk',
  async run(house, _caller, { signal }) {
    const until = performance.now() + WORKS_FOR_MS;
    const volumes = await workOnArchives(house, () => !signal.aborted && performance.now() < until);
    return volumes > 0 ? { volumes } : undefined;
  },
};

/** On the days of January in the small hours, where the operator has asked for it: the batches of the year that has ended are ordered. Asked
 *  again, they are there already; a machine that was down on the first day makes up for it on the next. */
export const orderYearlyArchivesJob: Job = {
  name: 'order-yearly-archives',
  cron: '20 2 * 1 *',
  lane: 'bulk',
  async run(house, caller) {
    const ordered = await openYearlyArchives(house, caller);
    return ordered > 0 ? { ordered } : undefined;
  },
};
