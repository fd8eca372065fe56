import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { startChromium } from './chromium.ts';
import { eachDatabase } from './each-database.ts';
import { FixedClock } from './fixed-clock.ts';
import { createDatabase, startMariaDb } from './mariadb.ts';
import { requireProgram } from './programs.ts';
import { startRedis } from './redis.ts';

describe('the throw-away world', () => {
  it('gives each suite an empty MariaDB database with exact comparison', async function () {
    requireProgram(this, 'mariadbd');
    const [one, two] = [await createDatabase(), await createDatabase()];
    const connection = await mysql.createConnection(one.url);
    await connection.query('CREATE TABLE t (name VARCHAR(20))');
    await connection.query("INSERT INTO t VALUES ('a'), ('A'), ('𠮷')");
    const [rows] = await connection.query("SELECT name FROM t WHERE name IN ('A', '𠮷')");
    expect(rows).to.have.length(2);
    await connection.end();
    const other = await mysql.createConnection(two.url);
    expect((await other.query('SHOW TABLES'))[0]).to.have.length(0);
    await other.end();
    await one.drop();
    await two.drop();
  });

  it('starts a MariaDB whose commits are on disk when asked for a durable one', async function () {
    requireProgram(this, 'mariadbd');
    const server = await startMariaDb({ durable: true });
    const connection = await mysql.createConnection(server.url);
    const [rows] = await connection.query('SELECT @@innodb_flush_log_at_trx_commit AS flush');
    expect(rows).to.deep.equal([{ flush: 1 }]);
    await connection.end();
    await server.stop();
    expect(() => process.kill(server.pid, 0)).to.throw('ESRCH');
  });

  it('starts and stops a Redis', async function () {
    requireProgram(this, 'redis-server');
    const redis = await startRedis();
    expect(redis.url).to.match(/^redis:\/\/127\.0\.0\.1:\d+$/);
    await redis.stop();
    expect(() => process.kill(redis.pid, 0)).to.throw('ESRCH');
  });

  it('starts a Chromium that shows a page', async function () {
    requireProgram(this, 'chromium');
    const chromium = await startChromium();
    const page = await chromium.browser.newPage();
    await page.setContent('<h1>证库</h1>');
    expect(await page.textContent('h1')).to.equal('证库');
    await chromium.stop();
  });

  it('moves its clock only when told', () => {
    const clock = new FixedClock('2026-03-02T00:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.now().toISOString()).to.equal('2026-03-02T00:00:00.000Z');
    clock.advance({ days: 1, minutes: 2 });
    expect(clock.now().toISOString()).to.equal('2026-03-03T00:02:00.000Z');
  });
});

eachDatabase('a suite on each database', (open) => {
  it('gets the address of a database of its own', async () => {
    const [one, two] = [await open(), await open()];
    expect(one).to.match(/^(sqlite:\/.+\.db|mysql:\/\/app:x@127\.0\.0\.1:\d+\/t\d+)$/);
    expect(two).to.not.equal(one);
  });
});
