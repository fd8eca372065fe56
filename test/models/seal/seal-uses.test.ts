import { expect } from 'chai';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { getEntryVersion } from '../../../models/catalogue/find-entry.ts';
import { houseCaller } from '../../../models/house.ts';
import { intendSealing } from '../../../models/licence/intend-sealing.ts';
import { LintToken } from '../../../models/licence/lint-licence.ts';
import { saveReviewRule } from '../../../models/licence/save-review-rule.ts';
import { sweepIntents } from '../../../models/licence/sweep-intents.ts';
import { approveSeal } from '../../../models/seal/approve-seal.ts';
import { freezeSeal, makeSeal, renewSeal, revokeSeal, unfreezeSeal } from '../../../models/seal/index.ts';
import { openSeal, openSealKey } from '../../../models/seal/open-seal.ts';
import { openOuterSignature } from '../../../models/sealing/open-outer-signature.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { giveSeal, officer } from '../../world/give-seal.ts';
import { ENTRY, ISSUER, openFurnishedHouse, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne, reviewOne, rowOf } from '../licence/issue-one.ts';

const why = { reason: '核查' };
const sweeper = houseCaller('sweep');

eachDatabase('the uses of a seal', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  const activeSeal = async () =>
    (await house.db.rows.seals.findOne({ where: { state: 'active' }, order: [['id', 'DESC']] }))?.id ?? '';
  const useOf = (subjectId: string) => house.db.rows.sealUses.findOne({ where: { subjectId } });
  const intend = async (licenceId: string, meanwhile: () => Promise<unknown> = () => Promise.resolve()) => {
    const licence = await rowOf(house, licenceId);
    const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
    const seal = await openSeal(house, sealKeeper, ISSUER, entry);
    const { keyId: outerKeyId } = await openOuterSignature(house, seal.sealId, seal.material.eseal);
    await meanwhile();
    const token = new LintToken(licence.contentDigest);
    return intendSealing(house, sealKeeper, licence, entry, token, { ...seal, outerKeyId });
  };

  it('begin with the intent and end with it', async () => {
    const { intentId } = await intend(await reviewOne(house));
    expect(await useOf(intentId)).to.include({ subject: 'licence', outcome: 'begun', endedAt: null });
    house.time.advance({ minutes: 2 });
    await sweepIntents(house, sweeper);
    expect(await useOf(intentId)).to.include({ outcome: 'voided' });
    const { licenceId } = await issueOne(house);
    const intent = await house.db.rows.intents.findOne({ where: { licenceId } });
    expect(await useOf(intent?.id ?? '')).to.include({ outcome: 'done', actor: sealKeeper.id, onBehalfOf: ISSUER });
  });

  it('are refused when the seal was frozen or revoked between opening and intent, and nothing is kept', async () => {
    const licenceId = await reviewOne(house);
    const id = await activeSeal();
    const uses = await house.db.rows.sealUses.count();
    const counted = async () => (await house.db.rows.keys.findAll({ order: [['id', 'ASC']] })).map((key) => key.uses);
    const before = await counted();
    const frozen = intend(licenceId, () => freezeSeal(house, sealKeeper, id, why));
    expect((await faultOf(frozen)).code).to.equal('SEAL_FROZEN');
    await unfreezeSeal(house, officer, id, why);
    await giveSeal(house, ISSUER, '另一枚章');
    const newest = await activeSeal();
    const revoked = intend(licenceId, () => revokeSeal(house, officer, newest, why));
    expect((await faultOf(revoked)).code).to.equal('SEAL_MISSING');
    expect(await house.db.rows.sealUses.count()).to.equal(uses);
    expect((await counted()).slice(0, before.length)).to.deep.equal(before);
    expect((await rowOf(house, licenceId)).state).to.equal('reviewed');
  });

  it('for a review rule are on record before the key is used, and voided when nothing came of it', async () => {
    const rule = { catalogueCode: ENTRY.code, sources: ['api' as const], coversCommitment: false };
    const { ruleId } = await saveReviewRule(house, sealKeeper, { ...rule, from: '2026-01-01', to: '2026-12-31' });
    expect(await useOf(ruleId)).to.include({ subject: 'review-rule', outcome: 'done' });
    await openSealKey(house, sealKeeper, ISSUER, 'a rule that was never saved');
    house.time.advance({ seconds: 60 });
    await sweepIntents(house, sweeper);
    expect(await useOf('a rule that was never saved')).to.include({ outcome: 'begun' });
    house.time.advance({ milliseconds: 1 });
    await sweepIntents(house, sweeper);
    expect(await useOf('a rule that was never saved')).to.include({ outcome: 'voided' });
    expect(await useOf(ruleId)).to.include({ outcome: 'done' });
  });

  it('pass to the new seal at the moment it becomes active', async () => {
    const old = await activeSeal();
    const { sealId } = await renewSeal(house, sealKeeper, old, why);
    await approveSeal(house, officer, sealId, why);
    const entry = await getEntryVersion(house, ENTRY.code, 1);
    expect((await openSeal(house, sealKeeper, ISSUER, entry)).sealId).to.equal(old);
    await makeSeal(house, officer, sealId);
    expect((await openSeal(house, sealKeeper, ISSUER, entry)).sealId).to.equal(sealId);
    expect((await house.db.rows.seals.findByPk(old))?.state).to.equal('renewed');
  });

  it('end for good when many move the seal at once: one succeeds, and the log’s chain holds', async () => {
    const id = await activeSeal();
    const moves = Array.from({ length: 5 }, () => freezeSeal(house, officer, id, why));
    const outcomes = await Promise.allSettled(moves);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await house.db.rows.sealChanges.count({ where: { sealId: id, act: 'freeze' } })).to.equal(1);
    expect(await verifyAudit(house)).to.include({ holds: true });
  });
});
