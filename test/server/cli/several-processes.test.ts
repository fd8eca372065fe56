/** One house in several processes: webs and workers on MariaDB, with Redis and without. Real programs, real signals. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { silentLog } from '../../../models/kernel/log.ts';
import { openHouse } from '../../../server/open-house.ts';
import { readSettings } from '../../../server/settings/settings.ts';
import { openDepartment, registerMachine } from '../../exchange/department.ts';
import { type Environment, firstLine, startProgram, untilReady } from '../../hostile/server-process.ts';
import { freePort } from '../../world/free-port.ts';
import { type MariaDb, startMariaDb } from '../../world/mariadb.ts';
import { requireProgram } from '../../world/programs.ts';
import { type Redis, startRedis } from '../../world/redis.ts';
import { furnish, ISSUER } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

interface Run {
  readonly started: number;
  readonly ended: number | null;
}

describe('several processes of one house', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const children: ChildProcess[] = [];
  let server: MariaDb;
  let redis: Redis;
  let connection: mysql.Connection;
  let env: Environment;

  before(async function () {
    requireProgram(this, 'mariadbd');
    requireProgram(this, 'redis-server');
    server = await startMariaDb({ durable: true });
    redis = await startRedis();
    const database = await server.createDatabase();
    connection = await mysql.createConnection({ uri: database.url, timezone: 'Z' });
    env = {
      ZHENGKU_MODE: 'demo',
      ZHENGKU_DATA_DIR: join(folder.path, 'city'),
      ZHENGKU_DATABASE_URL: database.url,
      ZHENGKU_EXCHANGE_CRON: '* * * * * *',
      ZHENGKU_SEALING_THREADS: '1',
    };
    const { house, close } = await openHouse(readSettings(env), silentLog);
    await furnish(house);
    const frontEnd = `sqlite:${join(folder.path, 'front-end.db')}`;
    await (await openDepartment(frontEnd)).connection.close();
    await registerMachine(house, 'qzj', ISSUER, frontEnd);
    await close();
  });

  after(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await connection?.end();
    await redis?.stop();
    await server?.stop();
    folder.remove();
  });

  interface Started {
    readonly child: ChildProcess;
    readonly base: string;
    log(): string;
  }

  async function start(role: '--web' | '--worker', more: Environment = {}): Promise<Started> {
    const port = await freePort();
    const logFile = join(folder.path, `${role}-${port}.log`);
    const child = startProgram(['serve', role], { ...env, ...more, ZHENGKU_PORT: String(port) }, logFile);
    children.push(child);
    const base = `http://127.0.0.1:${port}`;
    if (role === '--web') await untilReady(child, base);
    else await firstLine(child);
    return { child, base, log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '') };
  }

  async function runs(): Promise<Run[]> {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(
      "SELECT started_at, ended_at FROM exchange_runs WHERE front_end = 'qzj' ORDER BY started_at, id",
    );
    return rows.map((row) => ({
      started: (row.started_at as Date).getTime(),
      ended: (row.ended_at as Date | null)?.getTime() ?? null,
    }));
  }

  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`it did not come to pass: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Further passes are made from now on. */
  async function untilItGoesOn(passes: number): Promise<void> {
    const before = (await runs()).length;
    await until('the exchange goes on', async () => (await runs()).length >= before + passes);
  }

  function expectNoOverlap(made: readonly Run[]): void {
    for (const [index, { started }] of made.entries()) {
      const previous = made[index - 1];
      if (previous?.ended) expect(started).to.be.at.least(previous.ended);
    }
    const [first] = made;
    const seconds = ((made.at(-1)?.started ?? 0) - (first?.started ?? 0)) / 1000;
    expect(made.length, 'more passes than due times').to.be.at.most(seconds + 3);
  }

  async function stop({ child }: Started): Promise<number | null> {
    const gone = once(child, 'exit') as Promise<[number | null]>;
    child.kill('SIGTERM');
    return (await gone)[0];
  }

  it('share the work on Redis, and go on when a worker is killed and when Redis is away for a while', async () => {
    const onRedis = { ZHENGKU_REDIS_URL: redis.url };
    const webs = [await start('--web', onRedis), await start('--web', onRedis)];
    const [killed, survivor] = [await start('--worker', onRedis), await start('--worker', onRedis)];
    await untilItGoesOn(5);
    expectNoOverlap(await runs());

    killed.child.kill('SIGKILL');
    await untilItGoesOn(3);

    await redis.stop();
    await until('it is told', () => survivor.log().includes('Redis cannot be reached'));
    for (const { base } of webs) expect((await fetch(`${base}/readyz`)).status).to.equal(200);
    redis = await startRedis(redis.port);
    await untilItGoesOn(3);
    expect(survivor.log()).to.include('Redis can be reached again');

    const all = [...webs, survivor];
    expect(await Promise.all(all.map(stop))).to.deep.equal(all.map(() => 0));
  });

  it('come up while Redis is away, and work as soon as it is there', async () => {
    await redis.stop();
    const onRedis = { ZHENGKU_REDIS_URL: redis.url };
    const [web, worker] = [await start('--web', onRedis), await start('--worker', onRedis)];
    expect((await fetch(`${web.base}/readyz`)).status).to.equal(200);
    await until('it is told', () => worker.log().includes('Redis cannot be reached'));
    redis = await startRedis(redis.port);
    await untilItGoesOn(2);
    await redis.stop();
    expect(await Promise.all([stop(web), stop(worker)])).to.deep.equal([0, 0]);
    redis = await startRedis(redis.port);
  });

  it('share the work through the database alone', async () => {
    const before = (await runs()).length;
    const [one, other] = [await start('--worker'), await start('--worker')];
    await untilItGoesOn(5);
    expectNoOverlap((await runs()).slice(before));
    one.child.kill('SIGKILL');
    await untilItGoesOn(3);
    expect(await stop(other)).to.equal(0);
  });
});
