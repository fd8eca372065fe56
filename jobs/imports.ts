import { workThroughImports } from '../exchange/sheet/index.ts';
import type { Job } from './job.ts';

/** At most so long at a time, so that a stop is not waited for. */
const WORKS_FOR_MS = 8_000;

/** Every few seconds: sheets of licences that were handed in are gone through, in the bulk lane. */
export const importsJob: Job = {
  name: 'imports',
  cron: '*/3 * * * * *',
  async run(house) {
    const until = performance.now() + WORKS_FOR_MS;
    const steps = await workThroughImports(house, () => performance.now() < until);
    return steps > 0 ? { steps } : undefined;
  },
};
