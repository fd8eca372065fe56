import { purgeExpired } from '../models/account/index.ts';
import type { House } from '../models/house.ts';
import { forgetFailedJobs, forgetOldAnswers } from '../models/store/index.ts';
import type { Job } from './job.ts';

/** Every night: sessions and tokens that ended, answers to idempotency keys older than a week, jobs given up a month ago. */
export const purgeExpiredJob = {
  name: 'purge-expired',
  cron: '10 3 * * *',
  run: async (house: House) => ({
    ...(await purgeExpired(house)),
    answers: await forgetOldAnswers(house),
    failedJobs: await forgetFailedJobs(house.db, house.clock()),
  }),
} satisfies Job;
