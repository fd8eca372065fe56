import { expireAnalyses, findDueDeliveries, prepareStep } from '../models/analysis/index.ts';
import type { Job } from './job.ts';

/** At most so long at a time; the next run goes on where this one ended. */
const WORKS_FOR_MS = 20_000;

/** Every minute: deliveries whose period is over end and their bytes go; granted ones are prepared, out of the counter's way. */
export const deliverAnalysesJob: Job = {
  name: 'deliver-analyses',
  cron: '* * * * *',
  lane: 'bulk',
  async run(house, _caller, { signal }) {
    const expired = await expireAnalyses(house);
    const until = performance.now() + WORKS_FOR_MS;
    const mayGoOn = () => !signal.aborted && performance.now() < until;
    let steps = 0;
    for (const number of await findDueDeliveries(house)) {
      try {
        while (mayGoOn() && (await prepareStep(house, number))) steps += 1;
      } catch (error) {
        // The others need not wait for this one; it is tried again at the next run.
        house.log.error({ analysis: number, error }, 'delivery not prepared');
      }
    }
    return expired + steps > 0 ? { expired, steps } : undefined;
  },
};
