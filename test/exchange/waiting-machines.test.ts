import { expect } from 'chai';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { checkLags } from '../../exchange/province/check-lags.ts';
import { allJobs } from '../../jobs/index.ts';
import { listAlarms } from '../../models/exchange-state/index.ts';
import { houseCaller } from '../../models/house.ts';
import { eachDatabase } from '../world/each-database.ts';
import { bureauOfficer, OTHER_ISSUER } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns, registerMachine } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

eachDatabase('rows that lie unread at a department', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase);
    ({ house, department } = world);
  });
  after(() => world.close());

  const check = () => checkLags(house, houseCaller('test'));
  const open = async () => {
    const { items } = await listAlarms(house, bureauOfficer, {});
    return items.filter(({ clearedAt }) => clearedAt === null).map(({ kind, subject }) => [kind, subject]);
  };
  const rename = (from: string, to: string) =>
    department.connection.execute(`ALTER TABLE zk_licence RENAME COLUMN ${from} TO ${to}`);

  it('raise an alarm when their table is broken, from when the oldest was pushed, and clear it when they are answered', async () => {
    const at = house.clock().toISOString();
    const pushedAt = department.connection.dialect === 'mysql' ? at.replace('T', ' ').replace('Z', '') : at;
    await department.push('zk_licence', { business_key: 'L1', pushed_at: pushedAt, ...licenceColumns(1) });
    await rename('fields', 'felder');
    await runPass(house);
    house.time.advance({ minutes: 4 });
    expect(await check()).to.deep.equal({ raised: 0, cleared: 0 });
    house.time.advance({ seconds: 1 });
    expect(await check()).to.deep.equal({ raised: 1, cleared: 0 });
    expect(await open()).to.deep.equal([['lag', 'zjj']]);
    await rename('felder', 'fields');
    await runPass(house);
    expect(await check()).to.deep.equal({ raised: 0, cleared: 1 });
  });

  it('are thought to wait since the last good pass while the machine cannot be reached', async () => {
    const missing = 'sqlite:/nowhere/at/all.db';
    await registerMachine(house, 'gone', OTHER_ISSUER, missing);
    await runPass(house);
    house.time.advance({ minutes: 3 });
    await runPass(house);
    expect(await check()).to.deep.equal({ raised: 0, cleared: 0 });
    house.time.advance({ minutes: 1, seconds: 1 });
    await runPass(house);
    expect(await check()).to.deep.equal({ raised: 1, cleared: 0 });
    expect(await open()).to.deep.equal([['lag', 'gone']]);
    await house.db.rows.frontEnds.update({ state: 'paused' }, { where: { name: 'gone' } });
    expect(await check()).to.deep.equal({ raised: 0, cleared: 1 });
  });

  it('are watched without a province too', () => {
    const names = allJobs({ exchangeCron: '*/2 * * * *', province: undefined }).map(({ name }) => name);
    expect(names.filter((name) => name === 'check-lags')).to.have.length(1);
  });
});
