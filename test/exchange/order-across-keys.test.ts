import { expect } from 'chai';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { eachDatabase } from '../world/each-database.ts';
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
});
