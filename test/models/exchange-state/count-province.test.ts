import { expect } from 'chai';
import { countAcknowledged, countProvince } from '../../../models/exchange-state/index.ts';
import { addAllToOutbox } from '../../../models/store/outbox/add-to-outbox.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

eachDatabase('how the way to the province stands', (openDatabase) => {
  let house: TestHouse;

  before(async () => {
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  it('counts what is held by its body, wherever the licence is, and reads no row of what is settled', async () => {
    const now = house.clock();
    const states = ['held A', 'held A', 'held B', 'acknowledged A', 'refused A'].map((words, index) => {
      const [state, issuingBody = null] = words.split(' ') as ['held' | 'acknowledged' | 'refused', string?];
      return {
        ...{ id: `licence:${index}`, subjectType: 'licence' as const, subjectId: `${index}`, sentSequence: 0, state },
        ...{ acknowledgedSequence: 0, digest: null, receipt: null, receiptId: null, reason: null, issuingBody },
        ...{ since: now, frontEnd: null, pushedAt: null, updatedAt: now },
      };
    });
    await house.db.rows.provinceStates.bulkCreate(states);
    for (const subject of ['licence:first', 'licence:second']) {
      const message = { topic: 'province', subject, payload: {} };
      await withTransaction(house.db, (tx) => addAllToOutbox(house, tx, [message]));
      house.time.advance({ seconds: 30 });
    }
    const asked: string[] = [];
    // What the library's own types keep to themselves.
    const watched = house.db.sequelize as unknown as { options: { logging: false | ((sql: string) => void) } };
    watched.options.logging = (sql) => void asked.push(sql);
    const { heldByBody, ...counts } = await countProvince(house);
    watched.options.logging = false;
    expect(counts).to.deep.equal({ depth: 2, lagSeconds: 60, held: 3, refused: 1 });
    expect([...heldByBody].sort()).to.deep.equal([
      ['A', 2],
      ['B', 1],
    ]);
    expect(asked.filter((sql) => /acknowledged|licences|ORDER BY .*created_at/.test(sql))).to.deep.equal([]);
    expect(await countAcknowledged(house)).to.equal(1);
  });
});
