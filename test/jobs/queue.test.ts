import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Queue, QueueJob } from '../../jobs/queue/queue.ts';
import { currentLane } from '../../models/kernel/lane.ts';
import { Unrecoverable } from '../../models/store/index.ts';
import { eachDatabase } from '../world/each-database.ts';
import { FixedClock } from '../world/fixed-clock.ts';
import { requireProgram } from '../world/programs.ts';
import { type Redis, startRedis } from '../world/redis.ts';
import { openTestHouse } from '../world/test-house.ts';
import { type OpenedQueue, openQueueOn, type QueueEngine } from './queue-engine.ts';

const WORKER = fileURLToPath(new URL('queue-worker.ts', import.meta.url));
const LEASE_MS = 1_000;
const FIRST_DELAY_MS = 200;

/** Time passes: a clock of ours is moved; that of Redis can only be awaited. */
interface World {
  readonly engine: QueueEngine;
  readonly clock: () => Date;
  pass(milliseconds: number): Promise<void>;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come to pass: ${what}`);
    await pause(10);
  }
}

/** Something that is let go when the test says so. */
function latch() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** What every engine promises. */
function keepsItsPromises(makeWorld: () => Promise<World>): void {
  let world: World;
  let opened: OpenedQueue[] = [];
  let children: ChildProcess[] = [];

  before(async function () {
    this.timeout(60_000);
    world = await makeWorld();
  });

  afterEach(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    for (const { queue } of opened) await queue.close(0);
    for (const { release } of opened) await release();
    opened = [];
    children = [];
  });

  /** As another process would. */
  function open(): Queue {
    const one = openQueueOn(world.engine, world.clock);
    opened.push(one);
    return one.queue;
  }

  const countOf = async (queue: Queue, topic: string, lane = 'counter') =>
    (await queue.stats()).find((line) => line.topic === topic && line.lane === lane) ?? {
      ...{ waiting: 0, running: 0, delayed: 0, failed: 0, oldestSeconds: 0 },
    };

  it('runs what was added, with what was added', async () => {
    const queue = open();
    const seen: unknown[] = [];
    queue.process('greet', async ({ data, key, attempt, lane }) => seen.push([key, data, attempt, lane]), {
      counter: 1,
    });
    await queue.add('greet', { 名: '王一', n: [1, null] }, { key: 'a:b/ 7' });
    await until('it ran', () => seen.length === 1);
    expect(seen).to.deep.equal([['a:b/ 7', { 名: '王一', n: [1, null] }, 1, 'counter']]);
    await until('it is gone', async () => (await countOf(queue, 'greet')).running === 0);
    expect(await countOf(queue, 'greet')).to.include({ waiting: 0, failed: 0, delayed: 0 });
  });

  it('keeps one job of a key while it waits or runs, and takes it again when it is done', async () => {
    const queue = open();
    const { opened: mayEnd, open: end } = latch();
    let runs = 0;
    await queue.add('once', 1, { key: '7' });
    await queue.add('once', 2, { key: '7' });
    expect((await countOf(queue, 'once')).waiting).to.equal(1);
    queue.process(
      'once',
      async () => {
        runs += 1;
        await mayEnd;
      },
      { counter: 3 },
    );
    await until('it runs', () => runs === 1);
    await queue.add('once', 3, { key: '7' });
    end();
    await until('it is done', async () => (await countOf(queue, 'once')).running === 0);
    expect(runs).to.equal(1);
    await queue.add('once', 4, { key: '7' });
    await until('it runs again', () => runs === 2);
  });

  it('runs a job not before its time', async () => {
    const queue = open();
    let runs = 0;
    queue.process(
      'later',
      async () => {
        runs += 1;
      },
      { counter: 1 },
    );
    await queue.add('later', null, { key: 'k', runAt: new Date(world.clock().getTime() + 600) });
    expect(await countOf(queue, 'later')).to.include({ delayed: 1, waiting: 0 });
    await pause(100);
    expect(runs).to.equal(0);
    await world.pass(700);
    await until('its time has come', () => runs === 1);
  });

  it('tries a failing job again, each time later, and gives it up after its attempts', async () => {
    const queue = open();
    const tries: [attempt: number, at: number][] = [];
    queue.process(
      'failing',
      ({ attempt }) => {
        tries.push([attempt, world.clock().getTime()]);
        return Promise.reject(new Error('not today'));
      },
      { counter: 1 },
    );
    await queue.add('failing', null, { key: 'k', attempts: 3 });
    for (const failures of [1, 2]) {
      await until('it waits', async () => (await countOf(queue, 'failing')).delayed === 1 && tries.length === failures);
      await world.pass(FIRST_DELAY_MS * 1.3 * 2 ** (failures - 1));
    }
    await until('it is given up', async () => (await countOf(queue, 'failing')).failed === 1);
    expect(tries.map(([attempt]) => attempt)).to.deep.equal([1, 2, 3]);
    const [first = 0, second = 0, third = 0] = tries.map(([, at]) => at);
    expect(second - first).to.be.at.least(FIRST_DELAY_MS);
    expect(third - second).to.be.at.least(FIRST_DELAY_MS * 2);
    expect(await countOf(queue, 'failing')).to.include({ waiting: 0, running: 0, delayed: 0 });
  });

  it('takes a key again whose job was given up, with fresh attempts', async () => {
    const queue = open();
    const seen: unknown[] = [];
    await queue.add('mended', 'broken', { key: 'k', attempts: 1 });
    queue.process(
      'mended',
      async ({ data, attempt }) => {
        seen.push([data, attempt]);
        if (data === 'broken') throw new Error('broken');
      },
      { counter: 1 },
    );
    await until('it is given up', async () => (await countOf(queue, 'mended')).failed === 1);
    await queue.add('mended', 'whole', { key: 'k' });
    await until('it ran', () => seen.length === 2);
    expect(seen).to.deep.equal([
      ['broken', 1],
      ['whole', 1],
    ]);
    await until('none is failed', async () => (await countOf(queue, 'mended')).failed === 0);
  });

  it('gives up at once what no further attempt can help', async () => {
    const queue = open();
    let runs = 0;
    queue.process(
      'hopeless',
      () => {
        runs += 1;
        return Promise.reject(new Unrecoverable('never'));
      },
      { counter: 1 },
    );
    await queue.add('hopeless', null, { key: 'k' });
    await until('it is given up', async () => (await countOf(queue, 'hopeless')).failed === 1);
    await world.pass(FIRST_DELAY_MS * 2);
    await pause(50);
    expect(runs).to.equal(1);
  });

  it('lets bulk never take the places of the counter, and runs each in its lane', async () => {
    const queue = open();
    const { opened: mayEnd, open: end } = latch();
    const seen: string[] = [];
    for (let n = 0; n < 20; n += 1) await queue.add('lanes', null, { key: `b${n}`, lane: 'bulk' });
    queue.process(
      'lanes',
      async ({ lane, key }) => {
        seen.push(`${key} ${currentLane()}`);
        if (lane === 'bulk') await mayEnd;
      },
      { counter: 1, bulk: 2 },
    );
    await until('bulk has filled its places', () => seen.length === 2);
    await queue.add('lanes', null, { key: 'single' });
    await until('the counter was served', () => seen.includes('single counter'));
    expect(seen.filter((line) => line.endsWith('bulk'))).to.have.length(2);
    expect(await countOf(queue, 'lanes', 'bulk')).to.include({ running: 2, waiting: 18 });
    end();
    await until('all of bulk has run', () => seen.length === 21);
  });

  it('runs no more at once than it has places for, and in the order they came', async () => {
    const queue = open();
    let running = 0;
    let most = 0;
    const order: number[] = [];
    for (let n = 0; n < 12; n += 1) await queue.add('narrow', n, { key: `n${n}` });
    queue.process(
      'narrow',
      async ({ data }) => {
        order.push(data as number);
        running += 1;
        most = Math.max(most, running);
        await pause(5);
        running -= 1;
      },
      { counter: 2 },
    );
    await until('all have run', () => order.length === 12);
    expect(most).to.equal(2);
    expect(order).to.deep.equal([...order].sort((a, b) => a - b));
  });

  it('keeps a job that takes longer than its lease with the worker that has it', async () => {
    const [one, other] = [open(), open()];
    const { opened: mayEnd, open: end } = latch();
    let runs = 0;
    const handler = async () => {
      runs += 1;
      await mayEnd;
    };
    one.process('long', handler, { counter: 1 });
    other.process('long', handler, { counter: 1 });
    await one.add('long', null, { key: 'k' });
    await until('it runs', () => runs === 1);
    // Longer than the lease, and no faster than it is renewed.
    for (let n = 0; n < 8; n += 1) {
      await world.pass(LEASE_MS / 5);
      await pause(LEASE_MS / 2.5);
    }
    expect(runs).to.equal(1);
    end();
    await until('it is done', async () => (await countOf(one, 'long')).running === 0);
    expect(runs).to.equal(1);
  });

  it('drains: what is under way ends, and nothing more is taken', async () => {
    const [queue, other] = [open(), open()];
    const { opened: mayEnd, open: end } = latch();
    const seen: string[] = [];
    queue.process(
      'drained',
      async ({ key }) => {
        seen.push(key);
        await mayEnd;
      },
      { counter: 1 },
    );
    await queue.add('drained', null, { key: 'first' });
    await queue.add('drained', null, { key: 'second' });
    await until('one runs', () => seen.length === 1);
    const drained = queue.drain();
    end();
    await drained;
    expect(seen).to.deep.equal(['first']);
    expect(await countOf(other, 'drained')).to.include({ running: 0, waiting: 1 });
    expect(await queue.close()).to.equal(0);
  });

  it('closes: tells what is under way to stop, and hands back what then breaks off, uncounted', async () => {
    const [queue, other] = [open(), open()];
    const seen: [string, number][] = [];
    const stopsWhenTold = ({ signal }: QueueJob) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('told to stop')));
      });
    queue.process('told', stopsWhenTold, { counter: 1 });
    await queue.add('told', null, { key: 'k', attempts: 1 });
    await until('it runs', async () => (await countOf(other, 'told')).running === 1);
    expect(await queue.close()).to.equal(0);
    expect(await countOf(other, 'told')).to.include({ waiting: 1, running: 0, failed: 0 });
    other.process('told', async ({ key, attempt }) => seen.push([key, attempt]), { counter: 1 });
    await until('another has run it', () => seen.length === 1);
    expect(seen).to.deep.equal([['k', 1]]);
  });

  it('closes in time although a job does not stop, and hands that back too', async () => {
    const [queue, other] = [open(), open()];
    let runs = 0;
    let takenOver = 0;
    const never = () => {
      runs += 1;
      return new Promise(() => undefined);
    };
    queue.process('stubborn', never, { counter: 1 });
    await queue.add('stubborn', null, { key: 'k' });
    await until('it runs', () => runs === 1);
    expect(await queue.close(100)).to.equal(1);
    other.process(
      'stubborn',
      async () => {
        takenOver += 1;
      },
      { counter: 1 },
    );
    await until('another has it', () => takenOver === 1);
  });

  it('counts what waits, runs, is delayed and has failed, by topic and lane, and how old the oldest is', async () => {
    const queue = open();
    const { opened: mayEnd, open: end } = latch();
    await queue.add('counted', 'fail', { key: 'f', attempts: 1 });
    queue.process(
      'counted',
      async ({ data }) => {
        if (data === 'fail') throw new Error('fail');
        await mayEnd;
      },
      { counter: 1 },
    );
    await until('one has failed', async () => (await countOf(queue, 'counted')).failed === 1);
    await queue.add('counted', 'hold', { key: 'h' });
    await until('one runs', async () => (await countOf(queue, 'counted')).running === 1);
    await queue.add('counted', 'wait', { key: 'w' });
    await world.pass(500);
    await queue.add('counted', 'wait', { key: 'x' });
    await queue.add('counted', 'wait', { key: 'd', runAt: new Date(world.clock().getTime() + 60_000) });
    await queue.add('counted', 'wait', { key: 'b', lane: 'bulk' });
    const counter = await countOf(queue, 'counted');
    expect(counter).to.include({ topic: 'counted', lane: 'counter', waiting: 2, running: 1, delayed: 1, failed: 1 });
    expect(counter.oldestSeconds).to.be.within(0.5, 20);
    expect(await countOf(queue, 'counted', 'bulk')).to.include({ waiting: 1, running: 0, delayed: 0, failed: 0 });
    end();
    await queue.drain();
  });

  it('takes each due time once, however many workers have the schedule', async () => {
    const runs: number[] = [];
    for (const queue of [open(), open(), open()]) {
      queue.process('tick', async () => void runs.push(Date.now()), { counter: 1 });
      await queue.schedule([{ topic: 'tick', cron: '* * * * * *' }]);
    }
    const moving = setInterval(() => void world.pass(0), 50);
    await until('four seconds have been told', () => runs.length >= 4);
    clearInterval(moving);
    const [first = 0, , , fourth = 0] = runs;
    expect(fourth - first).to.be.at.least(2_000);
  });

  it('never runs a scheduled job beside itself', async () => {
    const { opened: mayEnd, open: end } = latch();
    let running = 0;
    let most = 0;
    let runs = 0;
    for (const queue of [open(), open()]) {
      queue.process(
        'slow-tick',
        async () => {
          runs += 1;
          running += 1;
          most = Math.max(most, running);
          await mayEnd;
          running -= 1;
        },
        { counter: 2 },
      );
      await queue.schedule([{ topic: 'slow-tick', cron: '* * * * * *' }]);
    }
    await until('it runs', () => runs === 1);
    await pause(2_200);
    expect(runs).to.equal(1);
    end();
    await until('it runs again', () => runs >= 2);
    expect(most).to.equal(1);
  });

  describe('with processes of their own', () => {
    interface Told {
      readonly child: ChildProcess;
      readonly lines: string[];
    }

    async function startWorker(): Promise<Told> {
      const child = spawn(process.execPath, ['--import', 'tsx', WORKER, JSON.stringify(world.engine)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const lines: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
      await until('the worker is ready', () => lines.includes('ready'));
      return { child, lines };
    }

    it('gives each job to one of two workers', async function () {
      this.timeout(60_000);
      const queue = open();
      const workers = await Promise.all([startWorker(), startWorker()]);
      const keys = Array.from({ length: 80 }, (_, n) => `j${n}`);
      await Promise.all(keys.map((key, n) => queue.add('work', n, { key, lane: n % 2 ? 'bulk' : 'counter' })));
      const ran = () => workers.flatMap(({ lines }) => lines.filter((line) => line !== 'ready'));
      await until('all have run', () => ran().length >= keys.length);
      await until('all are done', async () => (await countOf(queue, 'work')).running === 0);
      expect(ran().sort()).to.deep.equal(keys.map((key) => `ran ${key}`).sort());
    });

    it('gives the job of a worker that was killed to another, once its lease ends', async function () {
      this.timeout(60_000);
      const queue = open();
      const { child, lines } = await startWorker();
      await queue.add('work', 'hold', { key: 'orphan' });
      await until('it is in hand', () => lines.includes('ran orphan'));
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      const seen: [string, number][] = [];
      queue.process('work', async ({ key, attempt }) => seen.push([key, attempt]), { counter: 1 });
      await world.pass(LEASE_MS);
      await until('another has run it', () => seen.length > 0);
      expect(seen).to.deep.equal([['orphan', 1]]);
    });
  });
}

describe('the queue', () => {
  eachDatabase('as a table of the database', (openDatabase) => {
    keepsItsPromises(async () => {
      const url = await openDatabase();
      await (await openTestHouse(url)).close();
      const time = new FixedClock(new Date());
      return {
        engine: { engine: 'embedded', url, leaseMs: LEASE_MS, firstDelayMs: FIRST_DELAY_MS },
        clock: () => time.now(),
        pass: (milliseconds) => Promise.resolve(time.advance({ milliseconds })),
      };
    });
  });

  describe('on Redis', () => {
    let redis: Redis;

    before(async function () {
      requireProgram(this, 'redis-server');
      redis = await startRedis();
    });
    after(() => redis?.stop());

    keepsItsPromises(() =>
      Promise.resolve({
        engine: { engine: 'redis', url: redis.url, leaseMs: LEASE_MS, firstDelayMs: FIRST_DELAY_MS },
        clock: () => new Date(),
        pass: async (milliseconds) => void (await pause(milliseconds)),
      }),
    );
  });
});
