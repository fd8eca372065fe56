import { writeReportFiles } from '../exchange/index.ts';
import { makeReports, supervise } from '../models/supervision/index.ts';
import type { Job } from './job.ts';

/** Every hour: what is late or missing is found and closed, and orders that were not carried out have their circular drafted; reports of
 *  the periods that have ended are made. */
export const superviseJob: Job = {
  name: 'supervise',
  cron: '20 * * * *',
  lane: 'bulk',
  async run(house, caller, { signal }) {
    const goOn = () => !signal.aborted;
    const { findings, drafted } = await supervise(house, caller, goOn);
    // Only when all that is known is found.
    const reports = goOn() ? await makeReports(house, caller, goOn) : 0;
    const files = await writeReportFiles(house, goOn);
    return findings + drafted + reports + files > 0 ? { findings, drafted, reports, files } : undefined;
  },
};
