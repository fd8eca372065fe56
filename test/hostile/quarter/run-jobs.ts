/** The scheduler on the moved clock: every job that the program runs by the clock, some times a day; those of the night once a day. */
import { allJobs, type Job } from '../../../jobs/index.ts';
import { houseCaller } from '../../../models/house.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { DAY, END, START } from './story.ts';

/** Passes come some seconds after the full hour, as a scheduler does. */
const AFTER_THE_HOUR = 7_000;

/** Instants of the passes; the last is the end of the quarter itself.
 *  @param stops each from and to: in between none comes */
export function passTimes(aDay: number, stops: readonly (readonly [number, number])[] = []): number[] {
  const every = DAY / aDay;
  const count = Math.floor((END - START) / every);
  const times = Array.from({ length: count }, (_, index) => START + index * every + AFTER_THE_HOUR);
  const stands = (at: number) => stops.some(([from, to]) => at >= from && at < to);
  return [...times.filter((at) => !stands(at)), END];
}

export function openScheduler() {
  const jobs = allJobs({ exchangeCron: '* * * * *', province: undefined });
  const asked: string[] = [];
  const queue = { add: async (topic: string) => void asked.push(topic) };
  const signal = new AbortController().signal;
  let lastDay = -1;
  return {
    /** What the others ask for by the queue is not done: nobody subscribes, and no machine is registered. */
    asked,
    async pass(house: TestHouse, number: number): Promise<void> {
      const day = Math.floor(house.clock().getTime() / DAY);
      for (const job of jobs) {
        if (!job.cron || (isDaily(job) && day === lastDay)) continue;
        await job.run(house, houseCaller(`pass-${number}`), { queue, key: job.name, signal });
      }
      lastDay = day;
    },
  };
}

/** Of the cron expression, the hour is named. */
const isDaily = ({ cron = '' }: Job) => /\d/.test(cron.split(' ').at(-4) ?? '');
