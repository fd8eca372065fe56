/** The clockwork: jobs on their cron lines in Asia/Shanghai, never two of the same at once, errors logged and survived. */
import { type ScheduledTask, schedule } from 'node-cron';
import type { Province, RevocationSources } from '../exchange/index.ts';
import { type House, houseCaller } from '../models/house.ts';
import { compareJob, exchangePassJob, provinceJob } from './exchange.ts';
import { fetchCrlsJob } from './fetch-crls.ts';
import type { Job } from './job.ts';
import { purgeExpiredJob } from './purge-expired.ts';
import { sweepIntentsJob } from './sweep-intents.ts';

export interface ScheduleOptions {
  readonly exchangeCron: string;
  readonly province: Province | undefined;
  /** Where revocation lists come from; left out: none are fetched. */
  readonly revocation?: RevocationSources;
}

export interface Schedule {
  /** No new run begins; runs under way are waited for. */
  stop(): Promise<void>;
}

export function startSchedule(house: House, { exchangeCron, province, revocation }: ScheduleOptions): Schedule {
  const jobs: Job[] = [sweepIntentsJob, purgeExpiredJob, exchangePassJob(exchangeCron, province)];
  if (province) jobs.push(provinceJob(province), compareJob(province));
  if (revocation) jobs.push(fetchCrlsJob(revocation));
  const running = new Map<string, Promise<void>>();
  const tasks = jobs.map((job) => startJob(house, job, running));
  return {
    async stop() {
      await Promise.all(tasks.map(async (task) => task.destroy()));
      await Promise.all(running.values());
    },
  };
}

function startJob(house: House, job: Job, running: Map<string, Promise<void>>): ScheduledTask {
  const tick = () => {
    if (running.has(job.name)) return;
    const run = runJob(house, job).finally(() => running.delete(job.name));
    running.set(job.name, run);
  };
  return schedule(job.cron, tick, { timezone: 'Asia/Shanghai', name: job.name });
}

async function runJob(house: House, job: Job): Promise<void> {
  const requestId = house.newId();
  try {
    const facts = await job.run(house, houseCaller(requestId));
    if (facts) house.log.info({ job: job.name, requestId, ...facts }, 'job done');
  } catch (error) {
    house.log.error({ job: job.name, requestId, error }, 'job failed');
  }
}
