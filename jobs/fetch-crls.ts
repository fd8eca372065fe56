import { type RevocationSources, refreshRevocationLists } from '../exchange/index.ts';
import type { Job } from './job.ts';

/** Every five minutes: revocation lists that are due are fetched. */
export const fetchCrlsJob = (sources: RevocationSources): Job => ({
  name: 'fetch-crls',
  cron: '*/5 * * * *',
  async run(house) {
    const { fetched, failed } = await refreshRevocationLists(house, sources);
    return fetched + failed > 0 ? { fetched, failed } : undefined;
  },
});
