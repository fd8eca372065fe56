import { expect } from 'chai';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { arriveItem, promiseItems, readCommitment } from '../../../models/commitment/index.ts';
import { houseCaller } from '../../../models/house.ts';
import { recordResult, runInspections, submitStatement } from '../../../models/inspection/index.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { type SuccessionRequest, succeedLicence } from '../../../models/licence/succeed-licence.ts';
import { turnLicences } from '../../../models/licence/turn-licences.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, ENTRY, openFurnishedHouse, reviewer, sealKeeper } from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne, rowOf } from './issue-one.ts';

const RULE = '样例市施工许可年检办法第三条';

eachDatabase('what a new version takes over', (openDatabase) => {
  let house: TestHouse;
  const clock = houseCaller('clock');
  const at = (date: string) => house.time.set(`${date}T02:00:00Z`);

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await saveEntry(house, clerk, {
      ...ENTRY,
      inspection: { everyYears: 1, opens: '06-01', closes: '09-30', onMissed: 'suspend', legalBasis: RULE },
    });
  });
  after(() => house.close());

  const succeed = async (former: string, more: Partial<SuccessionRequest> = {}) => {
    const request = { act: 'amend', legalBasis: '行政许可法第四十九条', reason: '申请', ...more } as const;
    const { licenceId } = await succeedLicence(house, clerk, former, request);
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    await sealLicence(house, sealKeeper, licenceId);
    return licenceId;
  };
  const promise = (licenceId: string, ...items: readonly (readonly [string, string])[]) =>
    promiseItems(house, clerk, licenceId, { items: items.map(([name, dueOn]) => ({ name, dueOn })) });
  const commitmentOf = (licenceId: string) => readCommitment(house, clerk, licenceId);
  const stand = async (licenceId: string) => {
    const row = await house.db.rows.inspections.findByPk(`${licenceId}:2026`);
    return row?.state;
  };

  it('is what is still owed, with its dates; what had arrived is told and stays with the former', async () => {
    const former = (await issueOne(house, { commitment: true })).licenceId;
    await promise(former, ['资金证明', '2026-03-10'], ['图审合格书', '2026-03-20'], ['消防证明', '2026-03-25']);
    await arriveItem(house, clerk, former, '1', { digest: 'ab'.repeat(32) });
    // Not being marked as by commitment any more is no way out.
    const version = await succeed(former, { commitment: false });
    const ended = await commitmentOf(former);
    expect([ended.state, ended.dueOn, ended.items.length]).to.deep.equal(['ended', null, 3]);
    const carried = await commitmentOf(version);
    expect(carried).to.include({ state: 'open', dueOn: '2026-03-20' });
    expect(carried.items.map(({ item, name, dueOn }) => [item, name, dueOn])).to.deep.equal([
      [1, '图审合格书', '2026-03-20'],
      [2, '消防证明', '2026-03-25'],
    ]);
    const before = { licenceId: former, name: '资金证明', dueOn: '2026-03-10', sm3: 'ab'.repeat(32) };
    expect(carried.arrivedBefore.map(({ arrivedAt: _, ...rest }) => rest)).to.deep.equal([before]);
    await arriveItem(house, clerk, version, '1', {});
    expect((await faultOf(arriveItem(house, clerk, former, '2', {}))).code).to.equal('STATE_CONFLICT');
    const third = await commitmentOf(await succeed(version, { act: 'replace' }));
    expect(third.items.map(({ name }) => name)).to.deep.equal(['消防证明']);
    expect(third.arrivedBefore.map(({ name, licenceId }) => [name, licenceId])).to.deep.equal([
      ['资金证明', former],
      ['图审合格书', version],
    ]);
    await changeStatus(house, clerk, third.licenceId, { act: 'annul', legalBasis: '第十四条', reason: '未兑现' });
    expect((await commitmentOf(third.licenceId)).state).to.equal('annulled');
  });

  it('is what both owe when it corrects one that has not begun: each promise once, with the dates of the nearer', async () => {
    const former = (await issueOne(house, { commitment: true, validFrom: '2026-03-02', validTo: '2026-12-31' }))
      .licenceId;
    await promise(former, ['竣工图', '2026-04-20'], ['资金证明', '2026-04-21']);
    const waiting = await succeed(former, { validFrom: '2026-03-20', commitment: true });
    await promise(waiting, ['消防证明', '2026-04-25'], ['竣工图', '2026-04-22']);
    const version = await succeed(waiting, { validFrom: '2026-03-02' });
    const { items, dueOn } = await commitmentOf(version);
    expect(items.map(({ item, name, dueOn: by }) => [item, name, by])).to.deep.equal([
      ...[[1, '消防证明', '2026-04-25'] as const, [2, '竣工图', '2026-04-22'], [3, '资金证明', '2026-04-21']],
    ]);
    expect(dueOn).to.equal('2026-04-21');
    for (const ended of [former, waiting]) expect((await commitmentOf(ended)).state).to.equal('ended');
  });

  it('goes on when a renewal takes over by the clock, and when one that has expired is renewed', async () => {
    const term = { validFrom: '2026-03-02', validTo: '2026-03-31', commitment: true };
    const [soon, late] = [(await issueOne(house, term)).licenceId, (await issueOne(house, term)).licenceId];
    for (const id of [soon, late]) await promise(id, ['竣工图', '2026-04-20']);
    const renewal = { act: 'renew', validFrom: '2026-04-01', validTo: '2026-12-31' } as const;
    const next = await succeed(soon, renewal);
    await promise(next, ['竣工图', '2026-04-20'], ['监理合同', '2026-04-10']);
    expect((await commitmentOf(soon)).state).to.equal('open');
    at('2026-04-05');
    // The clock has not come by: whoever acts upon the former finds it ended, and nothing of it is kept by the way.
    expect((await faultOf(arriveItem(house, clerk, soon, '1', {}))).code).to.equal('STATE_CONFLICT');
    expect((await rowOf(house, soon)).status).to.equal('valid');
    await turnLicences(house, clock);
    expect((await commitmentOf(soon)).state).to.equal('ended');
    // It had been entered with the new version already: the same name is the same thing.
    expect((await commitmentOf(next)).items.map(({ name, dueOn }) => [name, dueOn])).to.deep.equal([
      ['竣工图', '2026-04-20'],
      ['监理合同', '2026-04-10'],
    ]);
    expect((await rowOf(house, late)).status).to.equal('expired');
    expect((await commitmentOf(late)).state).to.equal('open');
    expect(await commitmentOf(await succeed(late, { ...renewal, validFrom: '2026-04-05' }))).to.include({
      ...{ state: 'open', dueOn: '2026-04-20' },
    });
  });

  it('is the inspection of the year: what runs goes on, and what it came to counts', async () => {
    at('2026-05-04');
    const ids: string[] = [];
    for (let nth = 0; nth < 6; nth += 1) ids.push((await issueOne(house)).licenceId);
    const [submitted = '', passed = '', due = '', failed = '', early = '', left = ''] = ids;
    at('2026-06-01');
    // The window is open by its date, and the clock has not come by.
    const amendedEarly = await succeed(early);
    await runInspections(house, clock);
    expect([await stand(early), await stand(amendedEarly)]).to.deep.equal([undefined, 'due']);
    const link = await house.db.rows.licenceHolders.findOne({ where: { licenceId: submitted } });
    const holder = { ...callerWith(['holder'], null, 'holder'), holderId: link?.holderId ?? '' };
    await submitStatement(house, holder, `${submitted}:2026`, { text: '本年度无违法记录', facts: {} });
    await recordResult(house, clerk, `${passed}:2026`, { result: 'passed', reason: '符合' });
    await recordResult(house, clerk, `${failed}:2026`, { result: 'failed', reason: '不符合' });
    at('2026-06-10');
    expect((await faultOf(succeed(failed))).errors[0]?.detail).to.equal('suspended → amend');
    const versions = [await succeed(submitted), await succeed(passed), await succeed(due)] as const;
    const states = async (these: readonly string[]) => Promise.all(these.map(stand));
    expect(await states(versions)).to.deep.equal(['submitted', 'passed', 'due']);
    expect(await states([submitted, passed, due])).to.deep.equal(['lapsed', 'passed', 'lapsed']);
    expect(
      (await faultOf(submitStatement(house, holder, `${submitted}:2026`, { text: '再次申报', facts: {} }))).code,
    ).to.equal('STATE_CONFLICT');
    await recordResult(house, clerk, `${versions[0]}:2026`, { result: 'passed', reason: '符合' });
    // As it stood where nothing was carried over: the clock finds that the former gave way.
    const late = await succeed(left);
    const { inspections } = house.db.rows;
    await inspections.destroy({ where: { id: `${late}:2026` } });
    await inspections.update(
      { state: 'due', nextOn: '2026-08-31', reason: null, settledAt: null },
      { where: { id: `${left}:2026` } },
    );
    at('2026-10-01');
    await runInspections(house, clock);
    expect(await states(versions)).to.deep.equal(['passed', 'passed', 'missed']);
    expect(await states([left, late])).to.deep.equal(['lapsed', 'missed']);
    for (const id of [versions[2], late]) expect((await rowOf(house, id)).status).to.equal('suspended');
    expect(await verifyAudit(house)).to.include({ holds: true });
  });
});
