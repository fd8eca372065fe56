import { expect } from 'chai';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, ENTRY, openFurnishedHouse, SUBMISSION } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';

eachDatabase('licence numbers made by the house', (open) => {
  let house: TestHouse;
  before(async () => {
    house = await openFurnishedHouse(await open());
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

  it('end with the last that fits its width; what is broken is never given', async () => {
    const { licenceNumber: _, ...fields } = SUBMISSION.fields;
    const last = { ...fields, licenceNumber: '施字第2026999999号' };
    await submitLicence(house, clerk, { ...SUBMISSION, fields: last }, { source: 'api' });
    const fault = await faultOf(submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' }));
    expect(fault.code).to.equal('LICENCE_NUMBERS_EXHAUSTED');
    expect(linesOf(fault)).to.deep.equal(['/fields/licenceNumber LICENCE_NUMBERS_EXHAUSTED']);
  });

  it('follow the format of their entry, also when its template does not', async () => {
    const { licenceNumber: _, ...fields } = SUBMISSION.fields;
    const numberFormat = { ...ENTRY.numberFormat, template: '监字第{yyyy}{seq:6}号' };
    await house.db.rows.catalogueEntries.update(
      { definition: { ...ENTRY, numberFormat } },
      { where: { code: ENTRY.code } },
    );
    const fault = await faultOf(submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' }));
    expect(linesOf(fault)).to.deep.equal(['/fields/licenceNumber FIELD_PATTERN']);
  });
});
