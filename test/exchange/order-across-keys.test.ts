import { expect } from 'chai';
import { beginLease, endLease } from '../../exchange/front-end/lease.ts';
import type { MachinePass } from '../../exchange/front-end/profile.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { zhengkuProfile } from '../../exchange/front-end/zhengku/zhengku-profile.ts';
import { openFrontEndList } from '../../models/exchange-state/index.ts';
import { houseCaller } from '../../models/house.ts';
import { eachDatabase } from '../world/each-database.ts';
import { OTHER_ISSUER } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns, OTHER_ENTRY, ownIdentifier, sealElsewhere } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

eachDatabase('rows of several keys that are about one licence', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase, 'other');
    ({ house, department } = world);
  });
  after(() => world.close());

  const layLicence = async (key: string, serial: number) => {
    const identifier = ownIdentifier(key);
    await department.push('zk_licence', {
      ...{ business_key: key, ...licenceColumns(serial), catalogue_code: OTHER_ENTRY.code },
      ...{ sealed_files: 1, identifier, issued_on: '2026-03-01' },
    });
    return identifier;
  };
  const layFile = async (key: string, serial: number) => {
    const { ofd } = await sealElsewhere(house, ownIdentifier(key), serial);
    const file = { business_key: `${key}-ofd`, licence_key: key, format: 'ofd', file_name: 'x.ofd', content: ofd };
    await department.push('zk_file', file);
  };
  const act = (key: string, status: string, more: Record<string, string | number> = {}) =>
    department.push('zk_licence', {
      ...{ business_key: key, operation: 'status', status_act: status, legal_basis: '行政许可法', reason: '整改' },
      ...more,
    });
  const statusOf = async (identifier: string) =>
    (await house.db.rows.licences.findOne({ where: { identifier } }))?.status;

  it('are applied in their order when one makes it and others change it', async () => {
    // The keys sort the other way round than the rows stand.
    const identifier = await layLicence('Z1', 1);
    await layFile('Z1', 1);
    await act('Y1', 'suspend', { identifier });
    await act('X1', 'resume', { identifier });
    await act('W1', 'cancel', { identifier });
    const [result] = await runPass(house);
    expect(result?.counts).to.include({ accepted: 4, refused: 0 });
    expect(await statusOf(identifier)).to.equal('cancelled');
  });

  it('are applied in their order when only some name it, and keep the order of revisions within a key', async () => {
    const identifier = await layLicence('B2', 2);
    await layFile('B2', 2);
    await runPass(house);
    await act('B2', 'suspend', { revision: 2 });
    await act('B2', 'resume', { revision: 3 });
    await act('A2', 'suspend', { identifier });
    await act('B2', 'resume', { revision: 4 });
    // The licence of this key is known by its row before; it names none.
    await act('A2', 'suspend', { revision: 2 });
    const [result] = await runPass(house);
    expect(result?.counts).to.include({ accepted: 5, refused: 0 });
    expect(await statusOf(identifier)).to.equal('suspended');
  });

  it('wait together for the files without which there is no licence', async () => {
    const identifier = await layLicence('D3', 3);
    await act('C3', 'suspend', { identifier });
    const [waiting] = await runPass(house);
    expect(waiting?.counts).to.include({ waiting: 2, refused: 0 });
    await layFile('D3', 3);
    const [result] = await runPass(house);
    expect(result?.counts).to.include({ accepted: 2, refused: 0 });
    expect(await statusOf(identifier)).to.equal('suspended');
  });

  it('do not wait for a row that claims its identifier for another licence', async () => {
    const identifier = ownIdentifier('B2');
    await department.push('zk_licence', {
      ...{ business_key: 'A4', ...licenceColumns(4), catalogue_code: OTHER_ENTRY.code },
      ...{ sealed_files: 1, identifier, issued_on: '2026-03-01' },
    });
    await act('E4', 'resume', { identifier });
    const [result] = await runPass(house);
    expect(result?.counts).to.include({ waiting: 1, accepted: 1 });
    expect(await statusOf(identifier)).to.equal('valid');
  });

  it('are applied in their order when they are closing notices of one case', async () => {
    const notice = { case_number: '2026-0099', catalogue_code: OTHER_ENTRY.code, mode: 'online' };
    const lay = (key: string, hour: string, more: Record<string, string | number> = {}) =>
      department.push('zk_case', {
        business_key: key,
        ...notice,
        closed_at: `2026-03-01T${hour}:00:00+08:00`,
        ...more,
      });
    await lay('Z9', '08', { case_number: '2026-0098' });
    await lay('Z9', '09', { revision: 2 });
    await lay('Y9', '10');
    const [result] = await runPass(house);
    expect(result?.counts).to.include({ accepted: 3, refused: 0 });
    const [kept] = await house.db.rows.cases.findAll({ where: { caseNumber: '2026-0099' } });
    expect(kept?.closedAt.toISOString()).to.equal('2026-03-01T01:00:00.000Z');
  });

  describe('when they lie in several portions', () => {
    /** Changes of status that name no licence. */
    const layOthers = (keys: number, revision: number, prefix: string) => {
      const rows = Array.from(
        { length: keys },
        (_, at) => `('${prefix}-${at + 1000}', ${revision}, 'status', 'suspend')`,
      );
      return department.connection.execute(
        `INSERT INTO zk_licence (business_key, revision, operation, status_act) VALUES ${rows.join(', ')}`,
      );
    };

    it('are applied in their order though their keys sort the other way round, and open revisions fill two claims', async function () {
      this.timeout(60_000);
      const identifier = await layLicence('Z000', 50);
      await layFile('Z000', 50);
      await act('A000', 'suspend', { identifier });
      for (const revision of [1, 2, 3]) await layOthers(400, revision, 'M');
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ accepted: 2, refused: 1200 });
      expect(await statusOf(identifier)).to.equal('suspended');
    });

    it('do not come before their turn because their key has an early row', async function () {
      this.timeout(60_000);
      const identifier = await layLicence('B000', 51);
      await layFile('B000', 51);
      await layOthers(600, 1, 'N');
      await act('Q000', 'suspend', { identifier });
      await layOthers(50, 1, 'P');
      await act('B000', 'resume', { revision: 2 });
      await layOthers(600, 1, 'R');
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ accepted: 3, refused: 1250 });
      expect(await statusOf(identifier)).to.equal('valid');
    });
  });

  describe('in claims', () => {
    const owner = beginLease('claims');
    let pass: MachinePass;

    before(async () => {
      const [machine] = await openFrontEndList(house, 'other');
      if (!machine) throw new Error('not registered');
      pass = { house, machine, connection: department.connection, caller: houseCaller('x', OTHER_ISSUER), owner };
    });
    after(() => endLease(owner));

    const claim = async (table: string, most: number, by: MachinePass = pass) =>
      (await zhengkuProfile.claim(by, table, most)).map(({ businessKey, revision }) => `${businessKey} ${revision}`);
    const names = (key: string, ...revisions: number[]) => revisions.map((revision) => `${key} ${revision}`);

    it('stand behind the lower revisions of their key, however late these were written', async () => {
      const lay = (key: string, revision: number) => department.push('zk_query', { business_key: key, revision });
      await lay('C', 1);
      for (let revision = 9; revision > 0; revision -= 1) await lay('D', revision);
      await lay('B', 1);
      await lay('D', 10);
      await lay('A', 1);
      // Only the first row may go yet, for the others wait for one that lies further on.
      expect(await claim('zk_query', 4)).to.deep.equal(['C 1']);
      expect(await claim('zk_query', 4)).to.have.members(names('D', 1, 2, 3, 4));
      expect(await claim('zk_query', 5)).to.have.members(names('D', 5, 6, 7, 8, 9));
      expect(await claim('zk_query', 5)).to.have.members(['B 1', 'D 10', 'A 1']);
      expect(await claim('zk_query', 5)).to.deep.equal([]);
    });

    it('are cut by their bytes in the order of rows too', async function () {
      this.timeout(60_000);
      const isSqlite = department.connection.dialect === 'sqlite';
      await department.connection.execute('DELETE FROM zk_licence WHERE state = 0');
      const long = isSqlite ? 'CAST(zeroblob(9000000) AS TEXT)' : "REPEAT('x', 9000000)";
      for (const key of ['Z-9', 'Y-9', 'X-9'])
        await department.connection.execute(`INSERT INTO zk_licence (business_key, fields) VALUES ('${key}', ${long})`);
      expect(await claim('zk_licence', 500)).to.deep.equal(['Z-9 1', 'Y-9 1']);
      expect(await claim('zk_licence', 500)).to.deep.equal(['X-9 1']);
      await department.connection.execute("DELETE FROM zk_licence WHERE business_key LIKE '_-9'");
    });

    it('stay behind a row of their key that was left to another pass, though that one has come to its end', async () => {
      const isOurs = async (key: string, by: MachinePass) => (await claim('zk_query', 1, by)).includes(`${key} 1`);
      const other: MachinePass = { ...pass, owner: 'another:1:1#X' };
      await department.push('zk_query', { business_key: 'E' });
      expect(await isOurs('E', other)).to.equal(true);
      await department.push('zk_query', { business_key: 'E', revision: 2 });
      expect(await claim('zk_query', 10)).to.deep.equal([]);
      await zhengkuProfile.release(pass, 'zk_query', (name) => name === other.owner);
      await department.push('zk_query', { business_key: 'E', revision: 3 });
      expect(await claim('zk_query', 10)).to.deep.equal([]);
      expect(await claim('zk_query', 10, { ...pass, owner: 'next:1:1#X' })).to.deep.equal(names('E', 1, 2, 3));
      await department.connection.execute('DELETE FROM zk_query');
    });
  });
});
