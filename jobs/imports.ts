import { workThroughImports } from '../exchange/sheet/index.ts';
import type { Job } from './job.ts';

/** At most so long at a time; the next run goes on where this one ended. */
const WORKS_FOR_MS = 20_000;

/** Every few seconds: sheets of licences that were handed in are gone through, out of the counter's way. */
export const importsJob: Job = {
  name: 'imports',
  cron: '*/3 * * * * *',
  lane: 'bulk',
  async run(house, _caller, { signal }) {
    const until = performance.now() + WORKS_FOR_MS;
    const steps = await workThroughImports(house, () => !signal.aborted && performance.now() < until);
    return steps > 0 ? { steps } : undefined;
  },
};
