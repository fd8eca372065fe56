import { expect } from 'chai';
import { Redis as Connection } from 'ioredis';
import { EmbeddedQueue } from '../../jobs/queue/embedded-queue.ts';
import type { Queue } from '../../jobs/queue/queue.ts';
import { startJobs } from '../../jobs/schedule.ts';
import { turnLicencesJob } from '../../jobs/turn-licences.ts';
import { watchClocksJob } from '../../jobs/watch-clocks.ts';
import { closeCase } from '../../models/deadline/close-case.ts';
import { composePlanted, plant } from '../models/licence/plant-licence.ts';
import { requireProgram } from '../world/programs.ts';
import { type Redis, startRedis } from '../world/redis.ts';
import { clerk, ENTRY, openFurnishedHouse } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { openQueueOn } from './queue-engine.ts';

/** Once a day, so that none falls due while the test runs. */
const JOBS = [watchClocksJob, turnLicencesJob].map((job) => ({ ...job, cron: '0 3 * * *' }));
/** Where BullMQ keeps the next due time of each. */
const SCHEDULE = 'zhengku:ticks:repeat';
const DAY_MS = 86_400_000;

/** The schedule as it is after a day in which no process of the house ran. */
type StandStill = (house: TestHouse) => Promise<Queue>;

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function makesUp(standStill: StandStill): void {
  let house: TestHouse;
  let licenceId: string;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse();
    house.time.set('2026-03-02T01:00:00Z');
    const licence = composePlanted(house, { status: 'not-yet-effective', validFrom: '2026-03-05' });
    licenceId = licence.id;
    await plant(house, [licence]);
    const closedAt = '2026-03-02T09:00:00+08:00';
    const offline = { mode: 'offline', offlineReason: '现场无网络', closedAt } as const;
    await closeCase(house, clerk, { caseNumber: '补-1', catalogueCode: ENTRY.code, ...offline });
    house.time.set('2026-03-09T01:00:00Z');
  });
  after(() => house.close());

  const told = () => house.db.rows.notices.count({ where: { kind: 'clock.overdue' } });
  const turned = async () => (await house.db.rows.licences.findByPk(licenceId))?.status === 'valid';
  const steps = () => house.db.rows.changes.count({ where: { licenceId } });

  it('is made up at once, and a second time does nothing', async () => {
    for (const _ of ['first', 'again']) {
      const queue = await standStill(house);
      await startJobs(house, queue, JOBS);
      await until('what was due has been done', async () => (await told()) > 0 && (await turned()));
      await queue.drain();
      await queue.close();
    }
    // the department and the bureau, each once; issued, then in force
    expect([await told(), await steps()]).to.deep.equal([2, 2]);
  });
}

/** By a day, its job that waits as well: as BullMQ finds them when it comes back after one. */
async function setBack(connection: Connection, topic: string): Promise<void> {
  const due = Number(await connection.zscore(SCHEDULE, topic));
  const [from, to] = [due, due - DAY_MS].map((at) => `repeat:${topic}:${at}`) as [string, string];
  const waiting = 'zhengku:ticks:delayed';
  const score = Number(await connection.zscore(waiting, from)) - DAY_MS * 0x1000;
  await connection.rename(`zhengku:ticks:${from}`, `zhengku:ticks:${to}`);
  await connection
    .multi()
    .zrem(waiting, from)
    .zadd(waiting, score, to)
    .zadd(SCHEDULE, 'XX', due - DAY_MS, topic)
    .exec();
}

describe('what fell due while no process ran', () => {
  describe('with the queue as a table of the database', () => {
    makesUp(async (house) => {
      const dueAt = new Date(house.clock().getTime() - DAY_MS);
      for (const { name } of JOBS) await house.db.rows.queueTicks.upsert({ name, dueAt });
      return new EmbeddedQueue(house, { lookMs: 20 });
    });
  });

  describe('with BullMQ on Redis', () => {
    let redis: Redis;
    before(async function () {
      requireProgram(this, 'redis-server');
      redis = await startRedis();
    });
    after(() => redis?.stop());

    makesUp(async () => {
      const open = () =>
        openQueueOn({ engine: 'redis', url: redis.url, leaseMs: 1_000, firstDelayMs: 200 }, () => new Date());
      const { queue } = open();
      const connection = new Connection(redis.url);
      // Redis is reached a moment later, and the schedule is put up then.
      await queue.schedule(JOBS.map(({ name: topic, cron }) => ({ topic, cron })));
      await until('the schedule is up', async () => (await connection.zcard(SCHEDULE)) === JOBS.length);
      await queue.close();
      for (const { name } of JOBS) await setBack(connection, name);
      await connection.quit();
      return open().queue;
    });
  });
});
