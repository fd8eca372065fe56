import { compareWithProvince, type Province, pushToProvince, runPass } from '../exchange/index.ts';
import type { Job } from './job.ts';

/** Every 2 minutes (C-4): each department's front-end machine is read, and what is new goes on to the province. */
export const exchangePassJob = (cron: string, province: Province | undefined): Job => ({
  name: 'exchange-pass',
  cron,
  async run(house) {
    const passes = await runPass(house);
    const pushed = province ? await pushToProvince(house, province) : undefined;
    return { passes, pushed };
  },
});

/** Between the passes the outbox is emptied too, so that an online licence does not wait for the next one. */
export const provinceJob = (province: Province): Job => ({
  name: 'province',
  cron: '*/10 * * * * *',
  async run(house) {
    const { done, delayed, failed } = await pushToProvince(house, province);
    return done + delayed + failed > 0 ? { done, delayed, failed } : undefined;
  },
});

/** Every night: city and province are compared and differences repaired. */
export const compareJob = (province: Province): Job => ({
  name: 'compare-with-province',
  cron: '30 2 * * *',
  run: async (house) => ({ ...(await compareWithProvince(house, province)) }),
});
