import { expect } from 'chai';
import { arriveItem, listCommitments, promiseItems, watchPromises } from '../../../models/commitment/index.ts';
import { withdrawLicence } from '../../../models/licence/withdraw-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { composePlanted, plant } from '../licence/plant-licence.ts';

eachDatabase('promised material', (open) => {
  let house: TestHouse;
  const at = (date: string) => house.time.set(`${date}T02:00:00Z`);
  const promise = async (more: object, ...dates: readonly string[]) => {
    const licence = composePlanted(house, { commitment: true, ...more });
    await plant(house, [licence]);
    const items = dates.map((dueOn, nth) => ({ name: `材料${nth + 1}`, dueOn }));
    await promiseItems(house, clerk, licence.id, { items });
    return licence.id;
  };
  const toldOf = async (licenceId: string) => {
    const rows = await house.db.rows.notices.findAll({ where: { subjectId: licenceId }, order: [['id', 'ASC']] });
    expect(new Set(rows.map(({ recipient }) => recipient)).size).to.be.at.most(1);
    return rows.map(({ kind, stage }) => `${kind} ${stage}`);
  };

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await open());
  });
  beforeEach(() => at('2026-03-02'));
  after(() => house.close());

  it('is told of at each of its dates, also while an earlier one is late', async () => {
    const id = await promise({}, '2026-03-10', '2026-03-20', '2026-03-12');
    for (const [date, told] of [
      ['2026-03-06', []],
      ['2026-03-07', ['commitment.due 2026-03-10']],
      ['2026-03-09', ['commitment.due 2026-03-12']],
      ['2026-03-12', ['commitment.late 2026-03-10']],
      ['2026-03-17', ['commitment.late 2026-03-12', 'commitment.due 2026-03-20']],
      ['2026-03-20', []],
    ] as const) {
      at(date);
      const before = await toldOf(id);
      await watchPromises(house);
      await watchPromises(house);
      expect((await toldOf(id)).slice(before.length), date).to.have.members([...told]);
    }
    await arriveItem(house, clerk, id, '1', {});
    at('2026-03-21');
    await watchPromises(house);
    expect((await toldOf(id)).at(-1)).to.equal('commitment.late 2026-03-20');
    expect(await watchPromises(house)).to.equal(0);
  });

  it('is not entered with a licence that has ended', async () => {
    const fault = await faultOf(promise({ status: 'cancelled' }, '2026-03-10'));
    expect([fault.code, fault.detail]).to.deep.equal(['STATE_CONFLICT', 'cancelled']);
  });

  it('is owed no more when its submission is withdrawn', async () => {
    const id = await promise({ state: 'submitted', createdBy: clerk.id }, '2026-03-10');
    const owed = async () => (await listCommitments(house, bureauOfficer, {})).items.map(({ licenceId }) => licenceId);
    expect(await owed()).to.include(id);
    await withdrawLicence(house, clerk, id, { reason: '误报' });
    expect(await owed()).to.not.include(id);
    at('2026-03-11');
    await watchPromises(house);
    expect(await toldOf(id)).to.deep.equal([]);
    const row = await house.db.rows.commitments.findByPk(id);
    expect([row?.state, row?.catalogueCode]).to.deep.equal(['ended', ENTRY.code]);
  });
});
