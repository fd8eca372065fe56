import { expect } from 'chai';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, furnish, SUBMISSION } from '../../world/sample-entry.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

eachDatabase('licence numbers made by the house', (open) => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse(await open());
    await furnish(house);
  });
  after(() => house.close());

  it('are all different and without a gap when many are submitted at once', async () => {
    const { licenceNumber: _, ...fields } = SUBMISSION.fields;
    const many = Array.from({ length: 8 }, () =>
      submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' }),
    );
    const numbers = (await Promise.all(many)).map(({ licenceNumber }) => licenceNumber).sort();
    const year = house.clock().getFullYear();
    expect(numbers).to.deep.equal(numbers.map((_, i) => `施字第${year}${String(i + 1).padStart(6, '0')}号`));
  });
});
