import { checkLags, connectProvince, type Province, receiveFromProvince } from '../exchange/index.ts';
import type { Job } from './job.ts';

/** Every 2 minutes: receipts that come later, codes of catalogue entries, licences that the province returns. */
export const receiveJob = (province: Province): Job => ({
  name: 'receive-from-province',
  cron: '1-59/2 * * * *',
  lane: 'bulk',
  async run(house, _caller, { signal }) {
    const received = await receiveFromProvince(house, connectProvince(house, province), signal);
    return Object.values(received).some((count) => count > 0) ? { ...received } : undefined;
  },
});

/** Every minute: is anything longer on its way than two cycles? */
export const checkLagsJob = (province: Province | undefined): Job => ({
  name: 'check-lags',
  cron: '* * * * *',
  async run(house, caller) {
    const { raised, cleared } = await checkLags(house, caller, province !== undefined);
    return raised + cleared > 0 ? { raised, cleared } : undefined;
  },
});
