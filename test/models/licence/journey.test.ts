import { expect } from 'chai';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { parseIdentifier } from '../../../models/identifier/licence-identifier.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';

eachDatabase('the making of a licence', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  it('goes from submission through review and sealing to two stored files', async () => {
    const { licenceId, state } = await submitLicence(house, clerk, SUBMISSION, { source: 'api' });
    expect(state).to.equal('submitted');
    const reviewed = await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    expect(reviewed.state).to.equal('reviewed');
    const issued = await sealLicence(house, sealKeeper, licenceId);
    expect(issued.state).to.equal('issued');
    expect(issued.status).to.equal('valid');
    expect(parseIdentifier(issued.identifier ?? '')?.checkHolds).to.equal(true);
    expect(issued.files.map(({ format }) => format)).to.deep.equal(['ofd', 'pdf']);
    expect(issued.validTo).to.equal('2031-03-01');
    for (const file of issued.files) expect((await house.blobs.get(file.sm3)).length).to.equal(file.sizeBytes);
    expect(await verifyAudit(house)).to.include({ holds: true });
  });
});
