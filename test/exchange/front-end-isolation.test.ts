import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { groupOf } from '../../exchange/front-end/machine-groups.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { allJobs } from '../../jobs/index.ts';
import { openFrontEndList } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { eachDatabase } from '../world/each-database.ts';
import { createDatabase } from '../world/mariadb.ts';
import { requireProgram } from '../world/programs.ts';
import { ISSUER, OTHER_ISSUER, openFurnishedHouse } from '../world/sample-entry.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns, openDepartment, registerMachine } from './department.ts';

/** Short, so that a machine that hangs is given up soon; far longer than a healthy statement takes. */
const PATIENCE = { connectMs: 1500, statementMs: 3000 };

describe('departments beside one that hangs', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const sockets = new Set<Socket>();
  let house: TestHouse;
  let healthy: Department;
  let listener: Server;

  before(async () => {
    house = await openFurnishedHouse();
    healthy = await openDepartment(`sqlite:${folder.path}/healthy.db`);
    await registerMachine(house, 'healthy', ISSUER, `sqlite:${folder.path}/healthy.db`);
    listener = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
    await healthy.connection.close();
    await house.close();
    folder.remove();
  });

  it('are served as if it were not there, and its error is kept', async () => {
    const { port } = listener.address() as { port: number };
    for (const name of ['a-hanging', 'b-hanging'])
      await registerMachine(house, name, ISSUER, `mysql://nobody:x@127.0.0.1:${port}/t`);
    await healthy.push('zk_query', { business_key: 'Q1' });
    const results = await runPass(house, undefined, { patience: PATIENCE });
    expect(results.map(({ frontEnd, error }) => [frontEnd, error])).to.deep.equal([
      ['a-hanging', 'ETIMEDOUT'],
      ['b-hanging', 'ETIMEDOUT'],
      ['healthy', undefined],
    ]);
    expect(await healthy.read('zk_query', 'Q1')).to.include({ state: 3 });
    expect((await house.db.rows.frontEnds.findByPk('a-hanging'))?.lastError).to.equal('ETIMEDOUT');
    await house.db.rows.frontEnds.update({ state: 'paused' }, { where: { name: ['a-hanging', 'b-hanging'] } });
  });

  it('are served while more machines than there are places for hang that answered the last time, but took long', async () => {
    const { port } = listener.address() as { port: number };
    const hanging = Array.from({ length: 17 }, (_, number) => `a-slow-${number}`);
    for (const name of hanging) await registerMachine(house, name, ISSUER, `mysql://nobody:x@127.0.0.1:${port}/t`);
    await house.db.rows.frontEnds.update({ lastPassMs: 30_000 }, { where: { name: hanging } });
    await healthy.push('zk_query', { business_key: 'Q3' });
    await runPass({ ...house, clock: tick(1) }, undefined, { patience: { connectMs: 300, statementMs: 300 } });
    expect(await healthy.read('zk_query', 'Q3')).to.include({ state: 3 });
    const runs = await house.db.rows.exchangeRuns.findAll();
    const begun = Math.max(
      ...runs.filter(({ frontEnd }) => frontEnd === 'healthy').map((run) => Number(run.startedAt)),
    );
    const ended = runs.filter(({ frontEnd }) => hanging.includes(frontEnd)).map((run) => Number(run.endedAt));
    expect(ended).to.have.length(17);
    expect(begun).to.be.lessThan(Math.min(...ended));
    await house.db.rows.frontEnds.update({ state: 'paused' }, { where: { name: hanging } });
  });

  it('keep how long a pass took, and stand with their like', async () => {
    const groups = async () => (await openFrontEndList(house, 'healthy')).map((machine) => groupOf(machine).name);
    await runPass({ ...house, clock: tick(20_000) }, 'healthy');
    expect(await groups()).to.deep.equal(['front-end-slow']);
    await runPass({ ...house, clock: tick(1) }, 'healthy');
    expect(await groups()).to.deep.equal(['front-end']);
    const names = allJobs({ exchangeCron: '*/2 * * * *', province: undefined }).map(({ name }) => name);
    expect(names).to.include.members(['front-end', 'front-end-slow', 'front-end-in-trouble']);
  });

  /** A clock that moves on with every look. */
  function tick(ms: number): House['clock'] {
    let looks = 0;
    return () => {
      looks += 1;
      return new Date(house.time.now().getTime() + looks * ms);
    };
  }

  it('do not wait for a statement that the other’s database does not finish, and it is served when it can', async function () {
    requireProgram(this, 'mariadbd');
    const database = await createDatabase();
    const slow = await openDepartment(database.url);
    await registerMachine(house, 'slow', OTHER_ISSUER, database.url);
    await slow.push('zk_query', { business_key: 'S1' });
    await healthy.push('zk_query', { business_key: 'Q2' });
    const holder = await mysql.createConnection(database.url);
    await holder.query('LOCK TABLES zk_query WRITE');
    const held = await runPass(house, undefined, { patience: PATIENCE });
    expect(held.find(({ frontEnd }) => frontEnd === 'slow')?.error).to.equal('PROTOCOL_SEQUENCE_TIMEOUT');
    expect(await healthy.read('zk_query', 'Q2')).to.include({ state: 3 });
    await holder.end();
    await runPass(house, undefined, { patience: PATIENCE });
    expect(await slow.read('zk_query', 'S1')).to.include({ state: 3 });
    expect((await house.db.rows.frontEnds.findByPk('slow'))?.lastError).to.equal(null);
    await slow.connection.close();
    await database.drop();
  });

  it('lose nothing when connections are cut in mid-pass', async function () {
    requireProgram(this, 'mariadbd');
    const database = await createDatabase();
    const cut = await openDepartment(database.url);
    await registerMachine(house, 'cut', ISSUER, database.url);
    for (let serial = 1; serial <= 30; serial += 1)
      await cut.push('zk_licence', { business_key: `K${serial}`, ...licenceColumns(serial) });
    const killer = await mysql.createConnection(database.url.replace(/\/t\d+$/, '/'));
    const name = /\/(t\d+)$/.exec(database.url)?.[1] ?? '';
    let kills = 0;
    /** With every look at the clock in the first passes, all connections of the department die. */
    const clock = () => {
      if (kills < 12) void killAll();
      return house.clock();
    };
    const killAll = async () => {
      kills += 1;
      const [rows] = await killer.query('SELECT id FROM information_schema.processlist WHERE db = ?', [name]);
      for (const { id } of rows as { id: number }[]) await killer.query(`KILL ${id}`).catch(() => undefined);
    };
    const errors: unknown[] = [];
    for (let pass = 0; pass < 12; pass += 1) {
      const [result] = await runPass({ ...house, clock }, 'cut', { patience: PATIENCE });
      if (result?.error) errors.push(result.error);
    }
    await runPass(house, 'cut');
    expect(errors).to.not.be.empty;
    const rows = await openRows(database.url);
    expect(rows).to.deep.equal([{ state: 2, receipt_code: 'AWAITING_REVIEW', n: 30 }]);
    const kept = await house.db.rows.licences.findAll({ where: { issuingBody: ISSUER } });
    const keys = kept.map(({ sourceKey }) => sourceKey).filter((key) => key?.startsWith('cut/'));
    expect(keys).to.have.length(30);
    expect(new Set(keys).size).to.equal(30);
    await killer.end();
    await cut.connection.close().catch(() => undefined);
    await database.drop();
  });

  /** By a connection of its own: the department's was killed too. */
  async function openRows(url: string): Promise<unknown> {
    const connection = await mysql.createConnection(url);
    const [rows] = await connection.query('SELECT state, receipt_code, COUNT(*) AS n FROM zk_licence GROUP BY 1, 2');
    await connection.end();
    return (rows as object[]).map((row) => ({ ...row }));
  }
});

eachDatabase('a department that floods', (openDatabase) => {
  const FLOOD = 20_000;
  let house: TestHouse;
  let flood: Department;
  let one: Department;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    const [floodUrl, oneUrl] = [await openDatabase(), await openDatabase()];
    flood = await openDepartment(floodUrl);
    one = await openDepartment(oneUrl);
    await registerMachine(house, 'a-flood', ISSUER, floodUrl);
    await registerMachine(house, 'b-one', OTHER_ISSUER, oneUrl);
  });
  after(async () => {
    await flood.connection.close();
    await one.connection.close();
    await house.close();
  });

  it('with 20,000 rows does not delay the one row of another', async function () {
    this.timeout(240_000);
    const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n';
    for (let from = 0; from < FLOOD; from += 1000) {
      await flood.connection.execute(
        flood.connection.dialect === 'sqlite'
          ? `INSERT INTO zk_query (business_key) SELECT 'F' || (${from} + i) FROM (${numbers})`
          : `INSERT INTO zk_query (business_key) SELECT CONCAT('F', ${from} + i) FROM (${numbers}) x`,
      );
    }
    await one.push('zk_query', { business_key: 'ONE' });
    // A clock that moves on with every look tells what was answered before what.
    let looks = 0;
    const clock: House['clock'] = () => {
      looks += 1;
      return new Date(house.time.now().getTime() + looks);
    };
    const results = await runPass({ ...house, clock });
    expect(results.map(({ counts }) => counts.refused)).to.deep.equal([FLOOD, 1]);
    const { receipt_at: at } = await one.read('zk_query', 'ONE');
    const [before] = await flood.connection.query('SELECT COUNT(*) AS n FROM zk_query WHERE receipt_at < ?', [
      String(at),
    ]);
    expect(Number(before?.n)).to.be.at.most(2000);
  });
});
