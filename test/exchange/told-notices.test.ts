import { expect } from 'chai';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { eachDatabase } from '../world/each-database.ts';
import { clerk, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, numberOf } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

eachDatabase('what the province says of a licence that came another way in', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;
  let licenceId = '';

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase);
    ({ house, department } = world);
    const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(1) };
    ({ licenceId } = await submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' }));
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    await sealLicence(house, sealKeeper, licenceId);
  });
  after(() => world.close());

  it('is kept while it has no row here, and told in the row that has changed the licence', async () => {
    const licence = await house.db.rows.licences.findByPk(licenceId);
    const { provinceNotices } = house.db.rows;
    const id = `licence:${licenceId}`;
    const cause = 'FILE_DIGEST_MISMATCH';
    await provinceNotices.create({ id, frontEnd: 'zjj', licenceId, cause, written: false, updatedAt: house.clock() });
    await runPass(house);
    expect((await provinceNotices.findByPk(id))?.written).to.equal(false);
    await department.push('zk_licence', {
      ...{ business_key: 'S1', operation: 'status', identifier: licence?.identifier ?? '' },
      ...{ status_act: 'suspend', legal_basis: '行政许可法', reason: '整改' },
    });
    await runPass(house);
    const row = await department.read('zk_licence', 'S1');
    expect(row).to.include({ state: 2, receipt_code: 'HELD_FROM_PROVINCE' });
    expect(row.receipt_text).to.contain(cause);
    expect((await provinceNotices.findByPk(id))?.written).to.equal(true);
  });
});
