import { expect } from 'chai';
import { setKeyLimits } from '../../../models/seal/key-limits.ts';
import { recordKeyUse } from '../../../models/seal/key-use.ts';
import { listKeys } from '../../../models/seal/list-keys.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { callerWith, openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { codeOf } from './code-of.ts';

const keeper = callerWith(['admin.security']);

eachDatabase('the uses of keys', (open) => {
  let house: TestHouse;
  let ids: string[];
  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await open());
    ids = (await house.db.rows.keys.findAll({ order: [['id', 'ASC']] })).map(({ id }) => id);
  });
  after(() => house.close());

  const use = (keyIds: readonly string[], times?: number) =>
    withTransaction(house.db, (tx) => recordKeyUse(house, tx, keyIds, times));
  const usesOf = async (id: string | undefined) => (await house.db.rows.keys.findByPk(id))?.uses;
  const first = () => ids[0] ?? expect.fail();
  const second = () => ids[1] ?? expect.fail();

  it('are counted, several at a time, for several keys', async () => {
    await use([first()]);
    await use([first(), second(), first()], 3);
    expect([await usesOf(first()), await usesOf(second())]).to.deep.equal([4, 3]);
    const listed = await listKeys(house, keeper);
    expect(listed.find(({ keyId }) => keyId === first())?.uses).to.equal(4);
  });

  it('end at their limit, for all keys of the act or for none', async () => {
    await setKeyLimits(house, keeper, first(), { maxUses: 6 });
    expect(await codeOf(use([first(), second()], 3))).to.equal('KEY_LIMIT_REACHED');
    expect([await usesOf(first()), await usesOf(second())]).to.deep.equal([4, 3]);
    await use([first(), second()], 2);
    expect(await codeOf(use([first()]))).to.equal('KEY_LIMIT_REACHED');
    await setKeyLimits(house, keeper, first(), { maxUses: null });
    await use([first()]);
    expect(await usesOf(first())).to.equal(7);
  });

  it('are undone with their transaction', async () => {
    const before = await usesOf(first());
    await withTransaction(house.db, async (tx) => {
      await recordKeyUse(house, tx, [first()]);
      throw new Error('undone');
    }).catch(() => undefined);
    expect(await usesOf(first())).to.equal(before);
  });

  it('never pass the limit when many come at once', async () => {
    const before = (await usesOf(second())) ?? 0;
    await setKeyLimits(house, keeper, second(), { maxUses: before + 5 });
    const tries = await Promise.all(
      Array.from({ length: 12 }, () =>
        use([second()]).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(tries.filter(Boolean)).to.have.length(5);
    expect(await usesOf(second())).to.equal(before + 5);
  });

  it('end with their time, and while a key is disabled', async () => {
    await setKeyLimits(house, keeper, first(), { notAfterUse: house.time.now() });
    await use([first()]);
    house.time.advance({ seconds: 1 });
    expect(await codeOf(use([first()]))).to.equal('KEY_LIMIT_REACHED');
    await setKeyLimits(house, keeper, first(), { notAfterUse: null, state: 'disabled' });
    expect(await codeOf(use([first()]))).to.equal('KEY_LIMIT_REACHED');
    await setKeyLimits(house, keeper, first(), { state: 'active' });
    await use([first()]);
  });

  it('are not counted for keys that are not there, nor in part', async () => {
    expect(await codeOf(use(['nobody']))).to.equal('KEY_LIMIT_REACHED');
    await use([]);
    for (const times of [0, -1, 1.5, Number.NaN]) {
      const error: unknown = await use([first()], times).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(RangeError);
    }
  });

  it('and limits are for the security administrator, and on record', async () => {
    const clerk = callerWith(['issuer.clerk'], '11410000005184603J');
    expect(await codeOf(setKeyLimits(house, clerk, first(), { maxUses: 1 }))).to.equal('FORBIDDEN');
    expect(await codeOf(listKeys(house, clerk))).to.equal('FORBIDDEN');
    expect(await codeOf(setKeyLimits(house, keeper, 'nobody', { maxUses: 1 }))).to.equal('NOT_FOUND');
    const acts = await house.db.rows.auditEntries.findAll({ where: { act: 'key.limit' } });
    expect(acts[0]?.details).to.deep.include({ keyId: first(), maxUses: 6 });
  });
});
