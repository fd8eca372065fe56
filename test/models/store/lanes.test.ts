import { expect } from 'chai';
import { inLane } from '../../../models/kernel/lane.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

eachDatabase('a single act beside bulk', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });
  after(() => house.close());

  it('is written before the bulk that waits, not after it', async () => {
    const written: string[] = [];
    const write = (name: string) =>
      withTransaction(house.db, async (transaction) => {
        await house.db.sequelize.query('SELECT 1', { transaction });
        written.push(name);
      });
    const bulk = inLane('bulk', () => Array.from({ length: 60 }, () => write('bulk')));
    const single = write('single');
    await Promise.all([...bulk, single]);
    // What bulk had begun before is finished first: at most its own places.
    expect(written.indexOf('single')).to.be.below(12);
    expect(written).to.have.length(61);
  });
});
