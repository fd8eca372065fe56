import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { QueryTypes } from 'sequelize';
import { closeDatabase, type Database, openDatabase } from '../../models/store/database.ts';
import { migrate } from '../../models/store/migrate.ts';
import { startChromium } from './chromium.ts';
import { eachDatabase } from './each-database.ts';
import { FixedClock } from './fixed-clock.ts';
import { createDatabase, startMariaDb } from './mariadb.ts';
import { requireProgram } from './programs.ts';
import { startRedis } from './redis.ts';
import { openFurnishedHouse } from './sample-entry.ts';

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

/** Tables, indexes and triggers, each as it would be made. */
async function shapeOf({ sequelize, dialect }: Database): Promise<string[]> {
  const all = async (sql: string) => await sequelize.query<Record<string, unknown>>(sql, { type: QueryTypes.SELECT });
  if (dialect === 'sqlite') {
    const rows = await all('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL');
    return rows.map(({ sql }) => String(sql)).sort();
  }
  const shape: string[] = [];
  for (const table of await all('SHOW TABLES')) {
    const [made] = await all(`SHOW CREATE TABLE \`${String(Object.values(table)[0])}\``);
    shape.push(String(made?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, ''));
  }
  for (const trigger of await all('SHOW TRIGGERS'))
    shape.push(`${trigger.Timing} ${trigger.Event} ${trigger.Statement}`);
  return shape;
}

eachDatabase('a suite on each database', (open) => {
  it('gets the address of a database of its own', async () => {
    const [one, two] = [await open(), await open()];
    expect(one).to.match(/^(sqlite:\/.+\.db|mysql:\/\/app:x@127\.0\.0\.1:\d+\/t\d+)$/);
    expect(two).to.not.equal(one);
  });

  it('gives houses that are alike and know nothing of each other', async () => {
    const [one, two] = [await openFurnishedHouse(await open()), await openFurnishedHouse(await open())];
    expect(one.newId()).to.equal(two.newId());
    const keys = await two.db.rows.keys.findAll({ order: [['id', 'DESC']] });
    expect(two.newId() > (keys[0]?.id ?? 'Z')).to.equal(true);
    await one.db.rows.keys.destroy({ where: {} });
    expect(await two.db.rows.keys.count())
      .to.equal(keys.length)
      .and.to.be.above(7);
    await Promise.all([one.close(), two.close()]);
  });

  it('gives a house the tables that the migrations make, and all that hangs on them', async () => {
    const house = await openFurnishedHouse(await open());
    const made = openDatabase(await open());
    await migrate(made);
    expect(await shapeOf(house.db)).to.deep.equal(await shapeOf(made));
    await house.close();
    await closeDatabase(made);
  });
});
