import { purgeExpired } from '../models/account/index.ts';
import { purgeDrafts } from '../models/draft/index.ts';
import { forgetOldExchange } from '../models/exchange-state/index.ts';
import { purgeLinks } from '../models/fill/index.ts';
import type { House } from '../models/house.ts';
import { forgetImports } from '../models/import/index.ts';
import { forgetOldChanges } from '../models/publication/index.ts';
import { forgetFailedJobs, forgetOldAnswers } from '../models/store/index.ts';
import { forgetOldDeliveries } from '../models/subscription/index.ts';
import type { Job } from './job.ts';

/** Every night: sessions and tokens that ended, answers to idempotency keys older than a week, jobs given up a month ago,
 *  changes older than half a year, deliveries done a month ago, sheets of imports
 *  that ended a month ago, drafts that nobody saved for a month, links to the fill page of a month ago,
 *  passes of the exchange after three months, its alarms and receipts after a year. */
export const purgeExpiredJob = {
  name: 'purge-expired',
  cron: '10 3 * * *',
  run: async (house: House) => ({
    ...(await purgeExpired(house)),
    answers: await forgetOldAnswers(house),
    changes: await forgetOldChanges(house),
    deliveries: await forgetOldDeliveries(house),
    exchange: await forgetOldExchange(house),
    sheets: await forgetImports(house),
    drafts: await purgeDrafts(house),
    fillLinks: await purgeLinks(house),
    failedJobs: await forgetFailedJobs(house.db, house.clock()),
  }),
} satisfies Job;
