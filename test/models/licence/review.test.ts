import { expect } from 'chai';
import { requireReview } from '../../../models/licence/find-review.ts';
import { reviewByRule } from '../../../models/licence/review-by-rule.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { saveReviewRule } from '../../../models/licence/save-review-rule.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { withdrawLicence } from '../../../models/licence/withdraw-licence.ts';
import { withdrawReviewRule } from '../../../models/licence/withdraw-review-rule.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  clerk,
  ENTRY,
  ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
  sealKeeper,
} from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';
import { reviewOne, rowOf, submitOne } from './issue-one.ts';

const RULE = {
  catalogueCode: ENTRY.code,
  sources: ['front-end', 'api'] as ('front-end' | 'api')[],
  coversCommitment: false,
  from: '2026-03-01',
  to: '2026-03-31',
};

eachDatabase('review', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  beforeEach(async () => {
    await house.db.rows.reviewRules.destroy({ where: {} });
    house.time.set('2026-03-02T01:00:00Z');
  });

  const sealCode = async (licenceId: string) => (await faultOf(sealLicence(house, sealKeeper, licenceId))).code;

  it('comes before sealing: what nobody reviewed is not sealed', async () => {
    expect(await sealCode(await submitOne(house))).to.equal('NOT_REVIEWED');
  });

  it('is not done by whoever submitted it, nor by another body', async () => {
    const both = callerWith(['issuer.clerk', 'issuer.reviewer'], ISSUER, 'both');
    const licenceId = await submitOne(house, {}, 'api', both);
    expect((await faultOf(reviewLicence(house, both, licenceId, { decision: 'approved' }))).code).to.equal(
      'REVIEW_SELF',
    );
    expect((await faultOf(reviewLicence(house, otherClerk, licenceId, { decision: 'approved' }))).code).to.equal(
      'NOT_FOUND',
    );
    expect((await faultOf(reviewLicence(house, clerk, licenceId, { decision: 'approved' }))).code).to.equal(
      'FORBIDDEN',
    );
  });

  it('is done once', async () => {
    const licenceId = await reviewOne(house);
    expect((await faultOf(reviewLicence(house, reviewer, licenceId, { decision: 'approved' }))).code).to.equal(
      'STATE_CONFLICT',
    );
  });

  it('that returns gives a reason and gives the number back', async () => {
    const fields = { licenceNumber: '施字第2026000777号', projectName: '工程' };
    const licenceId = await submitOne(house, { fields });
    expect(linesOf(await faultOf(reviewLicence(house, reviewer, licenceId, { decision: 'returned' })))).to.deep.equal([
      '/reason FIELD_REQUIRED',
    ]);
    expect((await faultOf(submitOne(house, { fields }))).code).to.equal('LICENCE_NUMBER_DUPLICATE');
    await reviewLicence(house, reviewer, licenceId, { decision: 'returned', reason: '面积有误' });
    expect(await sealCode(licenceId)).to.equal('NOT_REVIEWED');
    await submitOne(house, { fields });
  });

  it('is taken back before sealing: what cannot be sealed is returned, and submitted anew under its number', async () => {
    const fields = { licenceNumber: '施字第2026000778号', projectName: '工程' };
    const licenceId = await reviewOne(house, { fields });
    await house.db.rows.catalogueEntries.update({ state: 'retired' }, { where: { code: ENTRY.code } });
    expect(await sealCode(licenceId)).to.equal('REQUEST_INVALID');
    await house.db.rows.catalogueEntries.update({ state: 'in-force' }, { where: { code: ENTRY.code } });
    const view = await reviewLicence(house, reviewer, licenceId, { decision: 'returned', reason: '目录已停用' });
    expect(view.state).to.equal('returned');
    expect(await sealCode(licenceId)).to.equal('NOT_REVIEWED');
    await submitOne(house, { fields });
  });

  it('gives way to a withdrawal by the department’s clerk, until the licence is issued', async () => {
    const fields = { licenceNumber: '施字第2026000779号', projectName: '工程' };
    const licenceId = await reviewOne(house, { fields });
    const withdraw = (by: typeof clerk) => withdrawLicence(house, by, licenceId, { reason: '填错了' });
    expect((await faultOf(withdraw(otherClerk))).code).to.equal('NOT_FOUND');
    expect((await faultOf(withdraw(reviewer))).code).to.equal('FORBIDDEN');
    const view = await withdraw(clerk);
    expect(view.state).to.equal('withdrawn');
    expect(view.reviews.at(-1)).to.include({ decision: 'withdrawn', reason: '填错了' });
    expect((await faultOf(withdraw(clerk))).code).to.equal('STATE_CONFLICT');
    expect(await sealCode(licenceId)).to.equal('NOT_REVIEWED');
    const issued = await sealLicence(house, sealKeeper, await reviewOne(house, { fields }));
    expect((await faultOf(withdrawLicence(house, clerk, issued.licenceId, { reason: '晚了' }))).code).to.equal(
      'STATE_CONFLICT',
    );
    expect(
      (await faultOf(reviewLicence(house, reviewer, issued.licenceId, { decision: 'returned', reason: '晚了' }))).code,
    ).to.equal('STATE_CONFLICT');
  });

  it('holds for exactly the contents that were reviewed', async () => {
    const licenceId = await reviewOne(house);
    await house.db.rows.licences.update({ contentDigest: 'other' }, { where: { id: licenceId } });
    expect(await sealCode(licenceId)).to.equal('NOT_REVIEWED');
  });

  it('by a rule of the issuer passes what the rule covers, and it is sealed on that', async () => {
    await saveReviewRule(house, sealKeeper, RULE);
    const licenceId = await submitOne(house);
    expect(await reviewByRule(house, clerk, await rowOf(house, licenceId))).to.equal(true);
    const issued = await sealLicence(house, sealKeeper, licenceId);
    expect(issued.reviews).to.have.length(1);
    expect(issued.reviews[0]).to.include({ reviewerType: 'rule', decision: 'approved' });
  });

  it('by a rule leaves to a person what the rule does not cover: other sources, commitments, other days', async () => {
    await saveReviewRule(house, sealKeeper, RULE);
    const passes = async (licenceId: string) => reviewByRule(house, clerk, await rowOf(house, licenceId));
    expect(await passes(await submitOne(house, {}, 'sheet'))).to.equal(false);
    expect(await passes(await submitOne(house, { commitment: true }))).to.equal(false);
    const waiting = await submitOne(house);
    house.time.set('2026-02-28T15:59:59Z');
    expect(await passes(waiting), 'the day before').to.equal(false);
    house.time.set('2026-03-31T16:00:00Z');
    expect(await passes(waiting), 'the day after').to.equal(false);
    house.time.set('2026-03-31T15:59:59Z');
    expect(await passes(waiting), 'the last day').to.equal(true);
    expect(await passes(waiting), 'a second time').to.equal(false);
  });

  it('by a rule covers commitments where the rule says so', async () => {
    await saveReviewRule(house, sealKeeper, { ...RULE, coversCommitment: true });
    const licenceId = await submitOne(house, { commitment: true });
    expect(await reviewByRule(house, clerk, await rowOf(house, licenceId))).to.equal(true);
  });

  it('by a rule no longer holds at sealing when the rule was withdrawn, or its time is over', async () => {
    const { ruleId } = await saveReviewRule(house, sealKeeper, RULE);
    const licenceId = await submitOne(house);
    await reviewByRule(house, clerk, await rowOf(house, licenceId));
    expect((await faultOf(withdrawReviewRule(house, otherClerk, ruleId))).code).to.equal('NOT_FOUND');
    expect((await faultOf(withdrawReviewRule(house, clerk, ruleId))).code).to.equal('FORBIDDEN');
    await withdrawReviewRule(house, sealKeeper, ruleId);
    expect(await sealCode(licenceId)).to.equal('NOT_REVIEWED');
    await house.db.rows.reviewRules.update({ state: 'in-force' }, { where: { id: ruleId } });
    house.time.set('2026-04-01T01:00:00Z');
    expect(await sealCode(licenceId)).to.equal('NOT_REVIEWED');
    house.time.set('2026-03-02T01:00:00Z');
    await requireReview(house, await rowOf(house, licenceId));
  });

  it('by a rule fails when the rule was altered after it was signed', async () => {
    const { ruleId, ...definition } = await saveReviewRule(house, sealKeeper, RULE);
    const licenceId = await submitOne(house, { commitment: true });
    const altered = { ...definition, ruleId, coversCommitment: true };
    await house.db.rows.reviewRules.update({ definition: altered }, { where: { id: ruleId } });
    expect((await faultOf(reviewByRule(house, clerk, await rowOf(house, licenceId)))).code).to.equal(
      'RULE_SIGNATURE_WRONG',
    );
    expect((await rowOf(house, licenceId)).state).to.equal('submitted');
  });

  it('by a rule fails when the rule is signed with another body’s key', async () => {
    const { ruleId } = await saveReviewRule(house, sealKeeper, RULE);
    const foreign = await house.db.rows.keys.findOne({ where: { purpose: 'repository', algorithm: 'SM2' } });
    await house.db.rows.reviewRules.update({ keyId: foreign?.id ?? '' }, { where: { id: ruleId } });
    expect(await reviewByRule(house, clerk, await rowOf(house, await submitOne(house)))).to.equal(false);
  });

  it('rules are stated by the body that issues, by its seal keeper, and run forward', async () => {
    expect((await faultOf(saveReviewRule(house, clerk, RULE))).code).to.equal('FORBIDDEN');
    expect((await faultOf(saveReviewRule(house, otherClerk, RULE))).code).to.equal('FOREIGN_ISSUER');
    expect(linesOf(await faultOf(saveReviewRule(house, sealKeeper, { ...RULE, to: '2026-02-28' })))).to.deep.equal([
      '/to VALIDITY_BACKWARDS',
    ]);
    const unknown = { ...RULE, catalogueCode: `${ISSUER}999` };
    expect(linesOf(await faultOf(saveReviewRule(house, sealKeeper, unknown)))).to.deep.equal([
      '/catalogueCode CATALOGUE_UNKNOWN',
    ]);
  });
});

eachDatabase('licence numbers that the repository makes', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  it('follow one another without a gap or a double, also when many are submitted at once', async function () {
    this.timeout(60_000);
    const ids = await Promise.all(Array.from({ length: 12 }, () => submitOne(house)));
    const rows = await house.db.rows.licences.findAll({ where: { id: ids } });
    const expected = Array.from({ length: 12 }, (_, n) => `施字第2026${String(n + 1).padStart(6, '0')}号`);
    expect(rows.map((row) => row.licenceNumber).sort()).to.deep.equal(expected);
  });

  it('begin anew with the year in Shanghai', async () => {
    house.time.set('2026-12-31T16:00:00Z');
    expect((await rowOf(house, await submitOne(house))).licenceNumber).to.equal('施字第2027000001号');
  });
});
