import { deliverTo } from '../exchange/index.ts';
import { givePositions } from '../models/publication/index.ts';
import { findWork } from '../models/subscription/index.ts';
import type { Job } from './job.ts';

const HEALTHY = 'webhook';
const TROUBLED = 'webhook-in-trouble';

/** Every 5 seconds: what was committed gets its place in the feed, and each receiver that is to be told is asked for by a job of
 *  its own. Those that failed the last time stand in a line of their own and never take the places of the others. */
export const webhooksJob: Job = {
  name: 'webhooks',
  cron: '*/5 * * * * *',
  async run(house, _caller, { queue }) {
    await givePositions(house);
    for (const { id, troubled } of await findWork(house)) {
      await queue.add(troubled ? TROUBLED : HEALTHY, null, { key: id, attempts: 1 });
    }
    return undefined;
  },
};

export const webhookJobs: readonly Job[] = ([HEALTHY, TROUBLED] as const).map((name) => ({
  name,
  places: { counter: 16 },
  async run(house, _caller, { key, signal }) {
    const { delivered, failed } = await deliverTo(house, key, { insideHosts: house.webhookInsideHosts, signal });
    return delivered + failed > 0 ? { delivered, failed } : undefined;
  },
}));
