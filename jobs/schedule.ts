/** The clockwork: all jobs behind the queue, on their cron lines in Asia/Shanghai; errors logged and survived. However many
 *  processes have it, each due time is taken once and no job runs beside itself. */
import type { Province, RevocationSources } from '../exchange/index.ts';
import { type House, houseCaller } from '../models/house.ts';
import { inLane } from '../models/kernel/lane.ts';
import { archiveJob, orderYearlyArchivesJob } from './archive.ts';
import { deliverAnalysesJob } from './deliver-analyses.ts';
import { escalateObjectionsJob } from './escalate-objections.ts';
import { compareJob, exchangePassJob, foldTreeJob, frontEndJobs, provinceJob } from './exchange.ts';
import { fetchCrlsJob } from './fetch-crls.ts';
import { importsJob } from './imports.ts';
import type { Job } from './job.ts';
import { checkLagsJob, receiveJob } from './province.ts';
import { purgeExpiredJob } from './purge-expired.ts';
import type { Queue, QueueJob } from './queue/queue.ts';
import { remindOfCalendarJob } from './remind-of-calendar.ts';
import { runInspectionsJob } from './run-inspections.ts';
import { superviseJob } from './supervise.ts';
import { sweepIntentsJob } from './sweep-intents.ts';
import { turnLicencesJob } from './turn-licences.ts';
import { watchClocksJob } from './watch-clocks.ts';
import { watchPromisesJob } from './watch-promises.ts';
import { webhookJobs, webhooksJob } from './webhooks.ts';

export interface JobOptions {
  readonly exchangeCron: string;
  readonly province: Province | undefined;
  /** Where revocation lists come from; left out: none are fetched. */
  readonly revocation?: RevocationSources;
  /** Order the archive batches of the year that has ended by itself; left out: nobody but the bodies orders any. */
  readonly yearlyArchives?: boolean;
}

export function allJobs({ exchangeCron, province, revocation, yearlyArchives }: JobOptions): Job[] {
  const jobs: Job[] = [
    sweepIntentsJob,
    turnLicencesJob,
    escalateObjectionsJob,
    purgeExpiredJob,
    exchangePassJob(exchangeCron),
    ...frontEndJobs(province),
  ];
  jobs.push(
    checkLagsJob(province),
    remindOfCalendarJob,
    watchClocksJob,
    runInspectionsJob,
    watchPromisesJob,
    superviseJob,
    importsJob,
    webhooksJob,
    ...webhookJobs,
  );
  jobs.push(archiveJob);
  if (yearlyArchives) jobs.push(orderYearlyArchivesJob);
  jobs.push(deliverAnalysesJob);
  if (province) jobs.push(provinceJob(province), receiveJob(province), foldTreeJob, compareJob(province));
  if (revocation) jobs.push(fetchCrlsJob(revocation));
  return jobs;
}

/** Begin to work on all of them; the queue's `close` ends it. */
export async function startJobs(house: House, queue: Queue, jobs: readonly Job[]): Promise<void> {
  for (const job of jobs)
    queue.process(job.name, (given) => runJob(house, queue, job, given), job.places ?? { counter: 1 });
  await queue.schedule(jobs.flatMap(({ name: topic, cron }) => (cron ? [{ topic, cron }] : [])));
}

async function runJob(house: House, queue: Queue, job: Job, { key, lane, signal }: QueueJob): Promise<void> {
  const requestId = house.newId();
  const about = { job: job.name, ...(key === job.name ? {} : { key }), requestId };
  try {
    const work = () => job.run(house, houseCaller(requestId), { queue, key, signal });
    const facts = await inLane(job.lane ?? lane, work);
    if (facts) house.log.info({ ...about, ...facts }, 'job done');
  } catch (error) {
    if (signal.aborted) house.log.info(about, 'job handed back');
    else house.log.error({ ...about, error }, 'job failed');
    throw error;
  }
}
