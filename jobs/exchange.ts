import {
  connectProvince,
  groupOf,
  MACHINE_GROUPS,
  type PassResult,
  type Province,
  pushToProvince,
  reconcileNightly,
  runPass,
} from '../exchange/index.ts';
import { foldTree, openFrontEndList } from '../models/exchange-state/index.ts';
import type { Job } from './job.ts';

/** Every 2 minutes (C-4): each department's front-end machine is asked for, by a job of its own, so that a slow one delays only
 *  itself. Those that did not answer the last time, and those that took long, stand in lines of their own and never take the
 *  places of the others. */
export const exchangePassJob = (cron: string): Job => ({
  name: 'exchange-pass',
  cron,
  async run(house, _caller, { queue }) {
    const machines = (await openFrontEndList(house)).filter(({ state }) => state === 'active');
    for (const machine of machines)
      await queue.add(groupOf(machine).name, null, { key: machine.name, lane: 'bulk', attempts: 1 });
    return undefined;
  },
});

/** One department: its machine is read, and what is new goes on to the province, beginning with the first portion. */
export const frontEndJobs = (province: Province | undefined): Job[] =>
  MACHINE_GROUPS.map(({ name, places }) => ({
    name,
    places: { bulk: places },
    async run(house, _caller, { key, queue, signal }) {
      // Only sooner: its own due time is never far.
      const wake = async () => {
        if (province) await queue.add(PROVINCE, null, { key: PROVINCE, attempts: 1 }).catch(() => undefined);
      };
      const passes = await runPass(house, key, { signal, onPortion: () => void wake() });
      await wake();
      return passes.some(isWorthTelling) ? { passes } : undefined;
    },
  }));

function isWorthTelling({ counts, error }: PassResult): boolean {
  return error !== undefined || Object.values(counts).some((count) => count > 0);
}

const PROVINCE = 'province';

/** Between the passes the outbox is emptied too, so that an online licence does not wait for the next one. */
export const provinceJob = (province: Province): Job => ({
  name: PROVINCE,
  cron: '*/10 * * * * *',
  lane: 'bulk',
  async run(house, _caller, { signal }) {
    const { done, delayed, failed } = await pushToProvince(house, connectProvince(house, province), signal);
    return done + delayed + failed > 0 ? { done, delayed, failed } : undefined;
  },
});

/** Every night: city and province are compared, differences repaired, and the day's statement is signed. */
export const compareJob = (province: Province): Job => ({
  name: 'compare-with-province',
  cron: '30 2 * * *',
  lane: 'bulk',
  run: async (house, _caller, { signal }) => ({
    ...(await reconcileNightly(house, connectProvince(house, province), signal)),
  }),
});

/** Every minute: what the province has confirmed goes into the tree by which both sides are compared. */
export const foldTreeJob: Job = {
  name: 'fold-tree',
  cron: '* * * * *',
  lane: 'bulk',
  async run(house, _caller, { signal }) {
    await foldTree(house, signal);
    return undefined;
  },
};
