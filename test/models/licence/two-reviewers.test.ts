import { expect } from 'chai';
import { composeNotice } from '../../../exchange/webhook/compose-notice.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { Caller } from '../../../models/house.ts';
import { reviewByRule } from '../../../models/licence/review-by-rule.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { saveReviewRule } from '../../../models/licence/save-review-rule.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { viewResult } from '../../../models/licence/view-result.ts';
import { withdrawLicence } from '../../../models/licence/withdraw-licence.ts';
import type { DeliveryColumns } from '../../../models/subscription/rows.ts';
import { saveSubscription } from '../../../models/subscription/save-subscription.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, ENTRY, ISSUER, openFurnishedHouse, reviewer, sealKeeper } from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { rowOf, submitOne } from './issue-one.ts';

const second = callerWith(['issuer.reviewer'], ISSUER, 'second');
const keeper: Caller = { ...sealKeeper, inSession: true };

eachDatabase('a type that two persons review and the seal’s holder seals', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await saveReviewRule(house, sealKeeper, {
      catalogueCode: ENTRY.code,
      sources: ['api'],
      coversCommitment: true,
      from: '2026-03-01',
      to: '2026-03-31',
    });
    await saveEntry(house, clerk, { ...ENTRY, reviewers: 2, sealAct: 'holder' });
    await saveSubscription(house, clerk, {
      ...{
        name: '审批系统',
        url: 'https://system.example/',
        acts: ['returned', 'reviewed', 'issued'],
        signing: 'hmac',
      },
    });
    await saveSubscription(house, clerk, { name: '只要变更', url: 'https://other.example/', signing: 'hmac' });
  });

  after(() => house.close());

  const approve = (who: Caller, id: string) => reviewLicence(house, who, id, { decision: 'approved' });
  const codeOf = async (act: Promise<unknown>) => (await faultOf(act)).code;

  it('is reviewed after the second of two persons, never by one of them twice nor by a rule', async () => {
    const id = await submitOne(house);
    expect(await reviewByRule(house, clerk, await rowOf(house, id))).to.equal(false);
    const first = await approve(reviewer, id);
    expect(first).to.deep.include({ state: 'submitted', approvals: { given: 1, needed: 2 } });
    expect((await viewResult(house, clerk, id)).step).to.equal('second-review');
    expect(await codeOf(approve(reviewer, id))).to.equal('REVIEW_TWICE');
    expect(await codeOf(sealLicence(house, keeper, id))).to.equal('NOT_REVIEWED');
    const done = await approve(second, id);
    expect(done).to.deep.include({ state: 'reviewed', approvals: { given: 2, needed: 2 } });
  });

  it('is not sealed on one approval, though its state were moved', async () => {
    const id = await submitOne(house);
    await approve(reviewer, id);
    await house.db.rows.licences.update({ state: 'reviewed' }, { where: { id } });
    const { contentDigest } = await rowOf(house, id);
    expect(await codeOf(sealLicence(house, keeper, id, { contentDigest, reason: '颁发' }))).to.equal('NOT_REVIEWED');
  });

  it('may be returned by either, also after both approved; what was approved before counts no more', async () => {
    const id = await submitOne(house);
    await approve(reviewer, id);
    await reviewLicence(house, second, id, { decision: 'returned', reason: '地址有误' });
    expect(await viewResult(house, clerk, id)).to.include({ state: 'returned', reason: '地址有误', retryAfter: null });
    const other = await submitOne(house);
    await approve(reviewer, other);
    await approve(second, other);
    const view = await reviewLicence(house, reviewer, other, { decision: 'returned', reason: '重办' });
    expect(view).to.deep.include({ state: 'returned', approvals: { given: 0, needed: 2 } });
    expect(await house.db.rows.notices.count({ where: { kind: 'licence.returned' } })).to.equal(2);
  });

  it('is sealed only by its keeper in session, upon the contents they confirm, with a reason that stays on record', async () => {
    const id = await submitOne(house);
    await approve(reviewer, id);
    await approve(second, id);
    const { contentDigest } = await rowOf(house, id);
    const act = { contentDigest, reason: '核对无误，颁发' };
    const system: Caller = { ...sealKeeper, type: 'system', id: 'system' };
    for (const who of [sealKeeper, system, { ...keeper, type: 'house' } as const]) {
      expect(await codeOf(sealLicence(house, who, id, act)), who.type).to.equal('SEAL_ACT_REQUIRED');
    }
    const missing = await faultOf(sealLicence(house, keeper, id));
    expect(missing.errors.map(({ pointer }) => pointer)).to.deep.equal(['/contentDigest', '/reason']);
    const other = { ...act, contentDigest: 'f'.repeat(64) };
    expect(await codeOf(sealLicence(house, keeper, id, other))).to.equal('CONTENT_NOT_CONFIRMED');
    const issued = await sealLicence(house, keeper, id, act);
    expect(issued.state).to.equal('issued');
    const entry = await house.db.rows.auditEntries.findOne({ where: { act: 'licence.sealing', licenceId: id } });
    expect(entry?.details).to.deep.include(act);
    expect(await viewResult(house, clerk, id)).to.deep.include({ state: 'issued', step: null, retryAfter: null });
  });

  it('tells its own systems of the steps they asked for, and no others', async () => {
    const told = await house.db.rows.deliveries.findAll({ where: { kind: 'step' }, order: [['id', 'ASC']] });
    const names = told.map(({ content }) => content?.step);
    expect(names).to.deep.equal(['reviewed', 'returned', 'reviewed', 'returned', 'reviewed', 'issued']);
    expect(new Set(told.map(({ subscriptionId }) => subscriptionId)).size).to.equal(1);
    const [row] = told;
    const sent = JSON.parse(composeNotice({ ...(row?.get() as DeliveryColumns), entry: null }) ?? '') as object;
    expect(sent).to.deep.include({ type: 'licence.reviewed', data: row?.content });
    expect(Object.keys(row?.content ?? {})).to.include.members(['licenceId', 'state', 'at']);
    await withdrawLicence(house, clerk, await submitOne(house), { reason: '填错' });
    expect(await house.db.rows.deliveries.count({ where: { kind: 'step' } })).to.equal(told.length);
  });
});
