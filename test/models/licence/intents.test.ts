import { expect } from 'chai';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { getEntryVersion } from '../../../models/catalogue/find-entry.ts';
import type { Caller, House } from '../../../models/house.ts';
import { findSealing } from '../../../models/licence/find-sealing.ts';
import { intendSealing } from '../../../models/licence/intend-sealing.ts';
import { LintToken } from '../../../models/licence/lint-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { sweepIntents } from '../../../models/licence/sweep-intents.ts';
import { openSeal } from '../../../models/seal/open-seal.ts';
import { openOuterSignature } from '../../../models/sealing/open-outer-signature.ts';
import { DEAD_OWNER } from '../../world/dead-owner.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { giveSeal } from '../../world/give-seal.ts';
import { ISSUER, openFurnishedHouse, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne, reviewOne, rowOf } from './issue-one.ts';

const sweeper: Caller = {
  ...{
    type: 'house',
    id: 'sweep',
    name: 'sweep',
    organisationCode: null,
    roles: [],
    address: null,
    requestId: 'sweep',
  },
};

eachDatabase('an intent to seal', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  const intend = async (licenceId: string) => {
    const licence = await rowOf(house, licenceId);
    const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
    const seal = await openSeal(house, sealKeeper, ISSUER, entry);
    const { keyId: outerKeyId } = await openOuterSignature(house, seal.sealId, seal.material.eseal);
    return intendSealing(house, sealKeeper, licence, entry, new LintToken(licence.contentDigest), {
      ...seal,
      outerKeyId,
    });
  };
  const stateOf = async (licenceId: string) => (await rowOf(house, licenceId)).state;
  const intentOf = (intentId: string) => house.db.rows.intents.findByPk(intentId);

  it('is written, with the identifier and a log entry, before any key is used', async () => {
    const licenceId = await reviewOne(house);
    const before = await house.db.rows.auditEntries.count({ where: { act: 'licence.sealing' } });
    const { intentId, identifier } = await intend(licenceId);
    expect(await intentOf(intentId)).to.include({ licenceId, identifier, state: 'intended' });
    expect(await house.db.rows.auditEntries.count({ where: { act: 'licence.sealing' } })).to.equal(before + 1);
    expect(await stateOf(licenceId)).to.equal('sealing');
    expect((await faultOf(sealLicence(house, sealKeeper, licenceId))).code).to.equal('STATE_CONFLICT');
  });

  it('keeps which seal was used, so that the face is shown with it after the body has a newer one', async () => {
    const { licenceId } = await issueOne(house);
    const first = await house.db.rows.seals.findOne({ where: { organisationCode: ISSUER }, order: [['id', 'DESC']] });
    house.time.advance({ minutes: 1 });
    await giveSeal(house, ISSUER, '样例局新章');
    const pictureOf = async () => Buffer.from((await findSealing(house, licenceId))?.sealPicture ?? []);
    expect((await pictureOf()).equals(first?.picture ?? Buffer.alloc(0))).to.equal(true);
    const before = await house.db.rows.intents.update({ sealId: null }, { where: { licenceId } });
    expect(before).to.deep.equal([1]);
    expect((await pictureOf()).equals(first?.picture ?? Buffer.alloc(0)), 'of before it was kept').to.equal(true);
    expect(await findSealing(house, await reviewOne(house)), 'nothing sealed').to.equal(undefined);
  });

  it('is made once for a licence, however many ask at once', async () => {
    const licenceId = await reviewOne(house);
    const outcomes = await Promise.allSettled([intend(licenceId), intend(licenceId), intend(licenceId)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
  });

  it('takes a token that fits the contents, once', async () => {
    const token = new LintToken('one');
    expect(() => token.consume('two')).to.throw('NOT_REVIEWED');
    token.consume('one');
    expect(() => token.consume('one')).to.throw('NOT_REVIEWED');
  });

  it('of a process that ended is voided, and the licence waits to be sealed anew', async () => {
    await sweepAll();
    const licenceId = await reviewOne(house);
    const { intentId, identifier } = await intend(licenceId);
    await house.db.rows.intents.update({ owner: DEAD_OWNER }, { where: { id: intentId } });
    expect(await sweepIntents(house, sweeper)).to.equal(1);
    expect(await intentOf(intentId)).to.include({
      state: 'voided',
      reason: 'the process that held it ended',
      identifier,
    });
    expect(await stateOf(licenceId)).to.equal('reviewed');
    const issued = await sealLicence(house, sealKeeper, licenceId);
    expect(issued.identifier).to.not.equal(identifier);
  });

  it('of a living process is left alone for a minute, and voided after it', async () => {
    await sweepAll();
    const licenceId = await reviewOne(house);
    const { intentId } = await intend(licenceId);
    house.time.advance({ seconds: 60 });
    expect(await sweepIntents(house, sweeper)).to.equal(0);
    expect(await stateOf(licenceId)).to.equal('sealing');
    house.time.advance({ milliseconds: 1 });
    expect(await sweepIntents(house, sweeper)).to.equal(1);
    expect(await intentOf(intentId)).to.include({ state: 'voided', reason: 'not confirmed in time' });
    expect(await sweepIntents(house, sweeper)).to.equal(0);
  });

  it('that was voided meanwhile cannot be confirmed: nothing of that sealing comes into the world', async () => {
    const licenceId = await reviewOne(house);
    const slow: House = {
      ...house,
      sealer: {
        ...house.sealer,
        async seal(task) {
          const files = await house.sealer.seal(task);
          house.time.advance({ seconds: 61 });
          await sweepIntents(house, sweeper);
          return files;
        },
      },
    };
    expect((await faultOf(sealLicence(slow, sealKeeper, licenceId))).code).to.equal('STATE_CONFLICT');
    expect(await stateOf(licenceId)).to.equal('reviewed');
    expect(await house.db.rows.licenceFiles.count({ where: { licenceId } })).to.equal(0);
  });

  it('is voided at once when the sealing fails, with the reason', async () => {
    const licenceId = await reviewOne(house);
    const broken: House = {
      ...house,
      sealer: { ...house.sealer, seal: () => Promise.reject(new Error('the pen broke')) },
    };
    await sealLicence(broken, sealKeeper, licenceId).then(
      () => expect.fail('it should have failed'),
      (error: Error) => expect(error.message).to.equal('the pen broke'),
    );
    expect(await house.db.rows.intents.findOne({ where: { licenceId } })).to.include({
      state: 'voided',
      reason: 'sealing failed',
    });
    expect(await stateOf(licenceId)).to.equal('reviewed');
  });

  it('never shares an identifier with another, and every one is accounted for in the log', async () => {
    const intents = await house.db.rows.intents.findAll();
    expect(new Set(intents.map((intent) => intent.identifier)).size).to.equal(intents.length);
    const sealing = await house.db.rows.auditEntries.count({ where: { act: 'licence.sealing' } });
    expect(sealing).to.equal(intents.length);
    const ended = await house.db.rows.auditEntries.count({ where: { act: ['licence.issue', 'licence.void-intent'] } });
    expect(ended).to.equal(intents.filter(({ state }) => state !== 'intended').length);
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  async function sweepAll(): Promise<void> {
    house.time.advance({ minutes: 5 });
    await sweepIntents(house, sweeper);
  }
});
