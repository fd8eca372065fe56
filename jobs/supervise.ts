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
    const { findings, drafted, failed } = await supervise(house, caller, goOn);
    // Only when all that clocks gave is found; of states a report says what was seen.
    const reports = goOn() && !failed.includes('clocks') ? await makeReports(house, caller, goOn) : 0;
    const files = await writeReportFiles(house, goOn);
    const did = findings + drafted + reports + files + failed.length > 0;
    return did ? { findings, drafted, reports, files, ...(failed.length > 0 ? { failed } : {}) } : undefined;
  },
};
