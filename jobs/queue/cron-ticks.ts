/** Due times from cron lines in Asia/Shanghai, for the embedded queue. Every process computes them; the table decides who takes
 *  each. */
import { type ScheduledTask, schedule } from 'node-cron';
import { takeTick } from '../../models/store/index.ts';
import type { QueueHouse } from './embedded-queue.ts';
import type { Tick } from './queue.ts';

export interface CronTicks {
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** Of what was due while nobody was there: at most a day back. */
const LOOK_BACK_MINUTES = 24 * 60;

export async function startCronTicks(house: QueueHouse, ticks: readonly Tick[], taken: () => void): Promise<CronTicks> {
  const tasks: ScheduledTask[] = [];
  for (const { topic, cron } of ticks) {
    const come = async (dueAt: Date) => {
      try {
        if (await takeDue(house, topic, dueAt)) taken();
      } catch (error) {
        house.log.error({ job: topic, error }, 'a due time could not be taken');
      }
    };
    const task = schedule(cron, ({ date }) => come(wholeSecond(date)), { timezone: 'Asia/Shanghai', name: topic });
    tasks.push(task);
    const missed = await lastMissed(house, topic, cron, task);
    if (missed) await come(missed);
  }
  return {
    async stop() {
      await Promise.all(tasks.map(async (task) => task.destroy()));
    },
  };
}

/** True when this process took it. The next due time is the next attempt. */
export function takeDue(house: QueueHouse, topic: string, dueAt: Date): Promise<boolean> {
  const { db, newId, clock } = house;
  const job = { topic, lane: 'counter' as const, key: topic, data: null, runAt: clock(), attempts: 1 };
  return takeTick(db, newId, dueAt, job);
}

/** Two processes name the same due time alike. */
function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** The last due time since the one that was taken last; lines with seconds come again soon anyway. */
async function lastMissed(house: QueueHouse, topic: string, cron: string, task: ScheduledTask) {
  const known = await house.db.rows.queueTicks.findByPk(topic);
  if (!known || cron.trim().split(/\s+/).length > 5) return undefined;
  const thisMinute = Math.floor(house.clock().getTime() / MINUTE_MS) * MINUTE_MS;
  for (let back = 0; back < LOOK_BACK_MINUTES; back += 1) {
    const date = new Date(thisMinute - back * MINUTE_MS);
    if (date <= known.dueAt) return undefined;
    if (task.match(date)) return date;
  }
  return undefined;
}
