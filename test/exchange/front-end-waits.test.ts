import { expect } from 'chai';
import { type FrontEndDialect, toInstantText } from '../../exchange/front-end/connection.ts';
import { noCounts } from '../../exchange/front-end/pass-counts.ts';
import type { MachinePass } from '../../exchange/front-end/profile.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { workTable } from '../../exchange/front-end/work-table.ts';
import { zhengkuProfile } from '../../exchange/front-end/zhengku/zhengku-profile.ts';
import { openFrontEndList } from '../../models/exchange-state/index.ts';
import { saveFrontEnd } from '../../models/exchange-state/save-front-end.ts';
import { houseCaller } from '../../models/house.ts';
import { eachDatabase } from '../world/each-database.ts';
import { bureauOfficer, ENTRY, ISSUER, OTHER_ISSUER, openFurnishedHouse } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { openHenanMachine } from './conformance/henan-machine.ts';
import type { TestMachine } from './conformance/test-machine.ts';
import { type Department, licenceColumns, OTHER_ENTRY, ownIdentifier, sealElsewhere } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

const ELSEWHERE = 'another-host:1:1#X';

eachDatabase('rows whose entry is not known yet', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase);
    ({ house, department } = world);
  });
  after(() => world.close());

  const layEntry = (code: string) =>
    department.push('zk_catalogue', { business_key: code, definition: JSON.stringify({ ...ENTRY, code }) });
  const layLicence = (key: string, serial: number, code: string) =>
    department.push('zk_licence', { business_key: key, ...licenceColumns(serial), catalogue_code: code });
  const layNotice = (key: string, code: string) =>
    department.push('zk_case', {
      ...{ business_key: key, case_number: key, catalogue_code: code, mode: 'online' },
      closed_at: '2026-03-01T08:00:00+08:00',
    });

  it('are refused when no entry lies there that was not read', async () => {
    await layLicence('U1', 1, `${ISSUER}090`);
    await layNotice('V1', `${ISSUER}090`);
    await runPass(house);
    expect(await department.read('zk_licence', 'U1')).to.include({ state: 3, receipt_code: 'CATALOGUE_UNKNOWN' });
    expect(await department.read('zk_case', 'V1')).to.include({ state: 3, receipt_code: 'CATALOGUE_UNKNOWN' });
  });

  it('wait, with what else is wrong, while a worker of another host holds the entry, and go on once its lease is over', async () => {
    const code = `${ISSUER}091`;
    await layEntry(code);
    await department.connection.execute(
      'UPDATE zk_catalogue SET state = 1, claimed_by = ?, claimed_at = ? WHERE business_key = ?',
      [ELSEWHERE, toInstantText(department.connection.dialect, house.clock()), code],
    );
    await layNotice('V2', code);
    await layLicence('U2', 2, code);
    await department.push('zk_licence', {
      ...{ business_key: 'U3', ...licenceColumns(3), catalogue_code: code, valid_from: 'gestern' },
    });
    const [waiting] = await runPass(house);
    expect(waiting?.counts).to.include({ waiting: 3, refused: 0 });
    for (const [table, key] of [
      ['zk_case', 'V2'],
      ['zk_licence', 'U2'],
      ['zk_licence', 'U3'],
    ] as const)
      expect(await department.read(table, key)).to.include({ state: 0, receipt_code: 'AWAITING_CATALOGUE' });
    house.time.advance({ minutes: 6 });
    const [result] = await runPass(house);
    expect(result?.counts).to.include({ released: 1, accepted: 3, refused: 1, waiting: 0 });
    expect(await department.read('zk_licence', 'U2')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
    expect(await department.read('zk_licence', 'U3')).to.include({ state: 3 });
  });

  it('wait after the entry was put off by an error of ours', async () => {
    const code = `${ISSUER}092`;
    await layEntry(code);
    await layLicence('U4', 4, code);
    const { sequelize, rows } = house.db;
    const act =
      sequelize.getDialect() === 'sqlite'
        ? 'BEGIN INSERT INTO nowhere VALUES (1); END'
        : "FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1021, MESSAGE_TEXT = 'Disk full'";
    await sequelize.query(
      `CREATE TRIGGER full BEFORE INSERT ON ${String(rows.catalogueEntries.getTableName())} ${act}`,
    );
    await runPass(house);
    expect(await department.read('zk_catalogue', code)).to.include({ state: 0 });
    expect(await department.read('zk_licence', 'U4')).to.include({ state: 0, receipt_code: 'AWAITING_CATALOGUE' });
    await sequelize.query('DROP TRIGGER full');
    await runPass(house);
    expect(await department.read('zk_licence', 'U4')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
  });

  it('are not claimed at all when the pass is told to end', async () => {
    const code = `${ISSUER}093`;
    await layEntry(code);
    await layLicence('U5', 5, code);
    const [result] = await runPass(house, 'zjj', { signal: AbortSignal.abort() });
    expect(result?.counts.claimed).to.equal(0);
    expect(await department.read('zk_licence', 'U5')).to.include({ state: 0, claimed_by: null });
    await runPass(house);
    expect(await department.read('zk_licence', 'U5')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
  });
});

eachDatabase('changes of a licence that is not known yet', (openDatabase) => {
  let world: DepartmentWorld;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase, 'other');
  });
  after(() => world.close());

  it('wait while a worker of another host holds rows of the table, and are made once its lease is over', async () => {
    const { house, department } = world;
    const identifier = ownIdentifier('Z1');
    const { ofd } = await sealElsewhere(house, identifier, 1);
    await department.push('zk_licence', {
      ...{ business_key: 'Z1', ...licenceColumns(1), catalogue_code: OTHER_ENTRY.code },
      ...{ sealed_files: 1, identifier, issued_on: '2026-03-01' },
    });
    const file = { business_key: 'Z1-ofd', licence_key: 'Z1', format: 'ofd', file_name: 'x.ofd', content: ofd };
    await department.push('zk_file', file);
    await department.connection.execute('UPDATE zk_licence SET state = 1, claimed_by = ?, claimed_at = ?', [
      ELSEWHERE,
      toInstantText(department.connection.dialect, house.clock()),
    ]);
    const change = { operation: 'status', status_act: 'suspend', legal_basis: '行政许可法', reason: '整改' };
    await department.push('zk_licence', { business_key: 'A1', ...change, identifier });
    const [waiting] = await runPass(house);
    expect(waiting?.counts).to.include({ waiting: 1, refused: 0 });
    house.time.advance({ minutes: 6 });
    const [result] = await runPass(house);
    expect(result?.counts).to.include({ accepted: 2, refused: 0 });
    expect((await house.db.rows.licences.findOne({ where: { identifier } }))?.status).to.equal('suspended');
    await department.push('zk_licence', { business_key: 'B1', ...change, identifier: ownIdentifier('N9') });
    expect((await runPass(house))[0]?.counts).to.include({ refused: 1 });
  });
});

eachDatabase('rows behind many that wait at a slow department', (openDatabase) => {
  let world: DepartmentWorld;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase, 'other');
    const names = ['business_key', 'sealed_files', 'identifier', 'issued_on', ...Object.keys(licenceColumns(0))];
    const rows = Array.from({ length: 700 }, (_, at) => {
      const sealed = [`W${at}`, 1, `X${at}`, '2026-03-01'];
      return [...sealed, ...Object.values({ ...licenceColumns(at), catalogue_code: OTHER_ENTRY.code })];
    });
    const marks = rows.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    const { department } = world;
    await department.connection.execute(`INSERT INTO zk_licence (${names.join(', ')}) VALUES ${marks}`, rows.flat());
    for (let at = 0; at < 600; at += 1)
      await department.push('zk_licence', { business_key: `S${at}`, operation: 'status', status_act: 'resume' });
  });
  after(() => world.close());

  async function work(owner: string, bounds: { readonly isSlow: boolean; readonly isOver: boolean }) {
    const { house, department } = world;
    const [machine] = await openFrontEndList(house, 'other');
    if (!machine) throw new Error('not registered');
    const caller = houseCaller('x', machine.organisationCode);
    const pass: MachinePass = { house, machine, connection: department.connection, caller, owner };
    const counts = noCounts();
    const { isSlow, isOver } = bounds;
    const told = { isSlow: () => isSlow, isOver: () => isOver, isStopped: () => false };
    await workTable({ pass, profile: zhengkuProfile, table: 'zk_licence', counts, ...told });
    return counts;
  }

  it('come next when the time of the pass is over', async () => {
    expect(await work('a', { isSlow: true, isOver: true })).to.include({ waiting: 500, refused: 0 });
  });

  it('are worked until as many were answered as had to wait', async function () {
    this.timeout(60_000);
    // Portions of 500: the waiting, 200 waiting with 300 others, 300 others.
    expect(await work('b', { isSlow: true, isOver: false })).to.include({ waiting: 700, refused: 600 });
  });

  it('have one portion a pass when nothing waits', async () => {
    const { department } = world;
    await department.connection.execute("DELETE FROM zk_licence WHERE business_key LIKE 'W%'");
    await department.connection.execute('UPDATE zk_licence SET state = 0, claimed_by = NULL');
    expect(await work('c', { isSlow: true, isOver: false })).to.include({ waiting: 0, refused: 500 });
  });
});

eachDatabase('a licence in Henan’s tables', (openDatabase) => {
  let house: TestHouse;
  let machine: TestMachine;
  let dialect: FrontEndDialect;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    const url = await openDatabase();
    machine = await openHenanMachine(url, 'henan');
    dialect = machine.connection.dialect;
    await saveFrontEnd(house, bureauOfficer, {
      ...{ name: 'henan', organisationCode: ISSUER, url, state: 'active', profile: 'henan' },
    });
  });
  after(async () => {
    await machine.close();
    await house.close();
  });

  it('waits while a worker of another host holds an entry', async () => {
    await machine.retire(`${OTHER_ISSUER}095`);
    await machine.connection.execute(
      `INSERT INTO zk_receipt (source_table, business_key, revision, operation, subject, row_digest, state, claimed_by, claimed_at)
       VALUES ('hn_catalog_sync', ?, 1, 'status', 'X', 'X', 1, ?, ?)`,
      [`${OTHER_ISSUER}095`, ELSEWHERE, toInstantText(dialect, house.clock())],
    );
    await machine.lay('H1', { serial: 1, catalogueCode: `${ISSUER}096` });
    const [waiting] = await runPass(house);
    expect(waiting?.counts).to.include({ waiting: 1, refused: 0 });
    expect((await machine.receipts('H1'))[0]).to.include({ state: 0, code: 'AWAITING_CATALOGUE' });
    expect(await machine.isTaken('H1')).to.equal(false);
    await machine.connection.execute('DELETE FROM hn_catalog_sync');
    await machine.connection.execute('DELETE FROM zk_receipt');
    expect((await runPass(house))[0]?.counts).to.include({ waiting: 0, refused: 1 });
    expect((await machine.receipts('H1'))[0]).to.include({ state: 3 });
  });
});
