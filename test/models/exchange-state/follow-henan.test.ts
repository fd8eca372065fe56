import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import {
  findHenanSubjects,
  noteHenanAltered,
  noteHenanWritten,
  numberHenanSubjects,
} from '../../../models/exchange-state/index.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

const SUBJECT = 'catalogue:ALTERED';

eachDatabase('what was laid down in Henan’s tables', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  const find = async () => (await findHenanSubjects(house, [SUBJECT])).get(SUBJECT);

  it('counts as not written once it was altered there, and waits for whoever writes something else', async () => {
    const row = (await numberHenanSubjects(house, [SUBJECT])).get(SUBJECT);
    if (!row) throw new Error('not numbered');
    await noteHenanWritten(house, [{ ...row, sequence: 1, digest: 'd' }]);
    const { provinceCursors } = house.db.rows;
    const beside = new EventEmitter();
    // Outside the transaction, as another job would.
    const noting = once(beside, 'begun').then(() => noteHenanAltered(house, [{ serial: row.serial, sequence: 1 }]));
    await withTransaction(house.db, async (transaction) => {
      await provinceCursors.create({ name: 'other', position: '0', updatedAt: house.clock() }, { transaction });
      beside.emit('begun');
      // Long enough that whoever does not wait has come to the database.
      for (let at = 1; at <= 50; at += 1)
        await provinceCursors.update({ position: String(at) }, { where: {}, transaction });
    });
    await noting;
    expect(await find()).to.include({ sequence: 1, digest: null });
  });

  it('stays written when something newer was written meanwhile', async () => {
    const row = await find();
    if (!row) throw new Error('not there');
    await noteHenanWritten(house, [{ ...row, sequence: 2, digest: 'e' }]);
    await noteHenanAltered(house, [{ serial: row.serial, sequence: 1 }]);
    expect(await find()).to.include({ sequence: 2, digest: 'e' });
  });
});
