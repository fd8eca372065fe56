import { runInspections } from '../models/inspection/index.ts';
import type { Job } from './job.ts';

/** Every ten minutes: annual inspections whose window opens, is about to close, or has closed. */
export const runInspectionsJob: Job = {
  name: 'run-inspections',
  cron: '*/10 * * * *',
  lane: 'bulk',
  async run(house, caller, { signal }) {
    const { opened, due, reminded, missed } = await runInspections(house, caller, () => !signal.aborted);
    return opened + due + reminded + missed > 0 ? { opened, due, reminded, missed } : undefined;
  },
};
