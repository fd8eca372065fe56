import { purgeExpired } from '../models/account/index.ts';
import { forgetOldAnswers } from '../models/store/index.ts';
import type { Job } from './job.ts';

/** Every night: sessions and tokens that ended, answers to idempotency keys older than a week. */
export const purgeExpiredJob: Job = {
  name: 'purge-expired',
  cron: '10 3 * * *',
  run: async (house) => ({ ...(await purgeExpired(house)), answers: await forgetOldAnswers(house) }),
};
