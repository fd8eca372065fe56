import { expect } from 'chai';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { houseCaller } from '../../../models/house.ts';
import { parseIdentifier } from '../../../models/identifier/licence-identifier.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { readLicence } from '../../../models/licence/read-licence.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { type SuccessionRequest, succeedLicence } from '../../../models/licence/succeed-licence.ts';
import { turnLicences } from '../../../models/licence/turn-licences.ts';
import type { LicenceView } from '../../../models/licence/view-licence.ts';
import { withdrawLicence } from '../../../models/licence/withdraw-licence.ts';
import { withdrawPlannedMove } from '../../../models/licence/withdraw-planned-move.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, openFurnishedHouse, otherClerk, reviewer, SUBMISSION, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne, rowOf } from './issue-one.ts';
import { composePlanted, plant } from './plant-licence.ts';

const START = '2026-03-02T01:00:00.000Z';

eachDatabase('a new version of a licence', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  beforeEach(() => house.time.set(START));
  after(() => house.close());

  const ask = async (former: string, more: Partial<SuccessionRequest> = {}, by = clerk) => {
    const request = { act: 'amend', legalBasis: '行政许可法第四十九条', reason: '建设单位申请', ...more } as const;
    const { licenceId } = await succeedLicence(house, by, former, request);
    return licenceId;
  };
  const review = async (licenceId: string) => {
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    return licenceId;
  };
  const succeed = async (former: string, more: Partial<SuccessionRequest> = {}) =>
    sealLicence(house, sealKeeper, await review(await ask(former, more)));
  const revoke = (id: string) =>
    changeStatus(house, clerk, id, { act: 'revoke', legalBasis: '行政许可法第六十九条', reason: '处罚' });
  const versionOf = ({ identifier }: LicenceView) => Number(parseIdentifier(identifier ?? '')?.version);

  it('takes the former’s place in one act: number, serial and facts go on, both tell of each other', async () => {
    const former = await issueOne(house);
    const holders = [{ ...SUBMISSION.holders[0], name: '样例建设集团有限公司' }];
    const version = await succeed(former.licenceId, { holders });
    expect(version).to.deep.include({ status: 'valid', fields: former.fields, licenceNumber: former.licenceNumber });
    expect(version).to.deep.include({ validTo: former.validTo, validFrom: former.validFrom });
    expect(version.holders[0]?.name).to.equal('样例建设集团有限公司');
    expect(version.files).to.have.length(2);
    const [first, second] = [parseIdentifier(former.identifier ?? ''), parseIdentifier(version.identifier ?? '')];
    expect(second).to.deep.equal({ ...first, version: '002' });
    const before = await readLicence(house, clerk, former.licenceId);
    expect(before.status).to.equal('superseded');
    expect(before.changes.at(-1)).to.include({
      ...{ act: 'amend', fromStatus: 'valid', toStatus: 'superseded', reason: '建设单位申请' },
      ...{ legalBasis: '行政许可法第四十九条', effectiveAt: START },
    });
    const link = (view: LicenceView) => ({ licenceId: view.licenceId, identifier: view.identifier, act: 'amend' });
    expect([before.succeeds, before.succeededBy]).to.deep.equal([null, { ...link(version), state: 'issued' }]);
    expect([version.succeeds, version.succeededBy]).to.deep.equal([{ ...link(former), state: 'issued' }, null]);
    const told = await house.db.rows.changeIntake.findAll({ order: [['entry', 'DESC']], limit: 2 });
    expect(told.map(({ identifier, act, status }) => [identifier, act, status])).to.have.deep.members([
      [former.identifier, 'amend', 'superseded'],
      [version.identifier, 'issue', 'valid'],
    ]);
    expect((await rowOf(house, former.licenceId)).numberKey).to.equal(null);
    expect((await rowOf(house, version.licenceId)).numberKey).to.include(former.licenceNumber);
    const number = { ...SUBMISSION, fields: { ...SUBMISSION.fields, licenceNumber: former.licenceNumber } };
    const taken = await faultOf(submitLicence(house, clerk, number, { source: 'api' }));
    expect(taken.code).to.equal('LICENCE_NUMBER_DUPLICATE');
    const third = await succeed(version.licenceId, { act: 'replace' });
    expect(versionOf(third)).to.equal(3);
    expect((await readLicence(house, clerk, version.licenceId)).status).to.equal('voided');
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  it('is one at a time, also of two who ask at once; what is withdrawn or returned makes room', async () => {
    const former = await issueOne(house);
    const asked = await Promise.allSettled([ask(former.licenceId), ask(former.licenceId)]);
    const open = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(open).to.have.length(1);
    const { code, errors } = await faultOf(ask(former.licenceId, { act: 'renew' }));
    expect([code, errors[0]?.pointer]).to.deep.equal(['SUCCESSION_OPEN', '/succeeds/identifier']);
    expect((await readLicence(house, clerk, former.licenceId)).succeededBy?.state).to.equal('submitted');
    await withdrawLicence(house, clerk, open[0] ?? '', { reason: '误报' });
    const again = await ask(former.licenceId, { fields: { licenceNumber: '' } });
    expect((await rowOf(house, again)).licenceNumber).to.not.equal(former.licenceNumber);
    await reviewLicence(house, reviewer, again, { decision: 'returned', reason: '材料不全' });
    await ask(former.licenceId);
    expect((await readLicence(house, clerk, former.licenceId)).status).to.equal('valid');
  });

  it('is not issued when the former no longer allows it, and no identifier comes twice', async () => {
    const former = await issueOne(house);
    const version = await review(await ask(former.licenceId));
    await revoke(former.licenceId);
    const intents = await house.db.rows.intents.count();
    const early = await faultOf(sealLicence(house, sealKeeper, version));
    expect([early.code, early.detail]).to.deep.equal(['SUCCESSION_BROKEN', 'revoked → amend']);
    expect(await house.db.rows.intents.count()).to.equal(intents);

    const another = await issueOne(house);
    const late = await review(await ask(another.licenceId));
    const suspending: TestHouse = {
      ...house,
      sealer: {
        ...house.sealer,
        async seal(task) {
          await changeStatus(house, clerk, another.licenceId, { act: 'suspend', legalBasis: '规定', reason: '核查' });
          return house.sealer.seal(task);
        },
      },
    };
    expect((await faultOf(sealLicence(suspending, sealKeeper, late))).code).to.equal('SUCCESSION_BROKEN');
    const intent = await house.db.rows.intents.findOne({ where: { licenceId: late } });
    expect([intent?.state, intent?.reason]).to.deep.equal(['voided', 'SUCCESSION_BROKEN: suspended → amend']);
    expect((await rowOf(house, late)).state).to.equal('reviewed');
    await changeStatus(house, clerk, another.licenceId, { act: 'resume', reason: '核查完毕' });
    expect(versionOf(await sealLicence(house, sealKeeper, late))).to.equal(3);
  });

  it('that begins later leaves the former in force until its first day', async () => {
    const former = await issueOne(house, { validFrom: '2026-03-02', validTo: '2026-03-31' });
    const next = await succeed(former.licenceId, { act: 'renew', validFrom: '2026-04-01', validTo: '2026-12-31' });
    expect(next.status).to.equal('not-yet-effective');
    const waiting = await readLicence(house, clerk, former.licenceId);
    expect(waiting).to.deep.include({ status: 'valid' });
    const [{ moveId, act, effectiveAt } = { moveId: '', act: '', effectiveAt: '' }] = waiting.plannedMoves;
    expect([act, effectiveAt]).to.deep.equal(['renew', '2026-03-31T16:00:00.000Z']);
    const withdrawal = { licenceId: former.licenceId, moveId };
    const kept = await faultOf(withdrawPlannedMove(house, clerk, withdrawal, { reason: '误报' }));
    expect(kept.code).to.equal('STATE_CONFLICT');
    house.time.set('2026-03-31T16:00:30Z');
    await turnLicences(house, houseCaller('test'));
    const [before, now] = await Promise.all(
      [former, next].map(({ licenceId }) => readLicence(house, clerk, licenceId)),
    );
    expect([before?.status, now?.status]).to.deep.equal(['superseded', 'valid']);
    expect(before?.changes.map((change) => change.act)).to.deep.equal(['issue', 'expire', 'renew']);
  });

  it('that ends before its first day leaves the former as it was: in force, with its number, free to be renewed', async () => {
    const former = await issueOne(house, { validFrom: '2026-03-02', validTo: '2026-03-31' });
    const term = { act: 'renew', validFrom: '2026-03-20', validTo: '2026-12-31' } as const;
    const next = await succeed(former.licenceId, term);
    const voiding = { act: 'void', legalBasis: '办法第十五条', reason: '误发' } as const;
    await changeStatus(house, clerk, next.licenceId, voiding);
    const { plannedMoves, succeededBy } = await readLicence(house, clerk, former.licenceId);
    expect(plannedMoves.map(({ act, state }) => [act, state])).to.deep.equal([['renew', 'withdrawn']]);
    expect(plannedMoves[0]?.why).to.include(next.identifier).and.to.include('误发');
    expect(succeededBy).to.equal(null);
    expect((await rowOf(house, former.licenceId)).numberKey).to.include(former.licenceNumber);
    expect((await rowOf(house, next.licenceId)).numberKey).to.equal(null);
    house.time.set('2026-03-20T01:00:00Z');
    await turnLicences(house, houseCaller('test'));
    expect((await readLicence(house, clerk, former.licenceId)).status).to.equal('valid');
    const again = await succeed(former.licenceId, term);
    expect([versionOf(again), again.status, again.licenceNumber]).to.deep.equal([3, 'valid', former.licenceNumber]);
    expect((await readLicence(house, clerk, former.licenceId)).status).to.equal('superseded');
  });

  it('of a version that has not begun takes over what that was to take; the link stays with whatever has ended', async () => {
    const first = await issueOne(house, { validFrom: '2026-03-02', validTo: '2026-12-31' });
    const second = await succeed(first.licenceId, { validFrom: '2026-03-20' });
    const late = await faultOf(ask(second.licenceId, { validFrom: '2026-03-25' }));
    expect(late.errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.deep.equal([
      '/validFrom SUCCESSION_TOO_LATE',
    ]);
    const third = await succeed(second.licenceId, { validFrom: '2026-03-15' });
    const statuses = async (...all: LicenceView[]) =>
      Promise.all(all.map(async ({ licenceId }) => (await readLicence(house, clerk, licenceId)).status));
    expect(await statuses(first, second, third)).to.deep.equal(['valid', 'superseded', 'not-yet-effective']);
    const before = await readLicence(house, clerk, first.licenceId);
    expect(before.plannedMoves.map(({ state, effectiveAt }) => `${state} ${effectiveAt}`)).to.have.members([
      ...['withdrawn 2026-03-19T16:00:00.000Z', 'planned 2026-03-14T16:00:00.000Z'],
    ]);
    expect(before.succeededBy?.licenceId).to.equal(third.licenceId);
    expect((await readLicence(house, clerk, second.licenceId)).succeededBy?.licenceId).to.equal(third.licenceId);

    await changeStatus(house, clerk, third.licenceId, { act: 'void', legalBasis: '办法第十五条', reason: '误发' });
    expect(await statuses(first, second, third)).to.deep.equal(['valid', 'superseded', 'voided']);
    expect((await readLicence(house, clerk, third.licenceId)).succeeds?.licenceId).to.equal(second.licenceId);
    expect((await readLicence(house, clerk, first.licenceId)).succeededBy).to.equal(null);
    expect((await rowOf(house, first.licenceId)).numberKey).to.include(first.licenceNumber);

    const waiting = await succeed(first.licenceId, { validFrom: '2026-03-20' });
    // While the one in force is suspended nothing begins in its place, and no key is used to find that out.
    const hold = { legalBasis: '办法第十五条', reason: '核查' };
    await changeStatus(house, clerk, first.licenceId, { act: 'suspend', ...hold });
    const asked = await review(await ask(waiting.licenceId, { act: 'replace', validFrom: '2026-03-02' }));
    expect((await faultOf(sealLicence(house, sealKeeper, asked))).code).to.equal('SUCCESSION_BROKEN');
    expect(await house.db.rows.intents.count({ where: { licenceId: asked } })).to.equal(0);
    await changeStatus(house, clerk, first.licenceId, { act: 'resume', ...hold });
    const now = await sealLicence(house, sealKeeper, asked);
    expect(await statuses(first, waiting, now)).to.deep.equal(['superseded', 'voided', 'valid']);
    expect((await readLicence(house, clerk, waiting.licenceId)).succeededBy?.licenceId).to.equal(now.licenceId);
    house.time.set('2026-03-21T01:00:00Z');
    expect(await turnLicences(house, houseCaller('test'))).to.equal(0);
    expect(versionOf(now)).to.equal(5);
  });

  it('is asked for by the issuer’s clerk, of a licence of the same type, where the table allows it', async () => {
    const former = await issueOne(house);
    expect((await faultOf(ask(former.licenceId, {}, otherClerk))).code).to.equal('NOT_FOUND');
    expect((await faultOf(ask(former.licenceId, {}, reviewer))).code).to.equal('FORBIDDEN');
    const open = await ask(former.licenceId);
    expect((await faultOf(ask(open))).code).to.equal('STATE_CONFLICT');
    const succeeds = { identifier: 'nobody’s', act: 'renew', reason: '延续' };
    const unknown = await faultOf(submitLicence(house, clerk, { ...SUBMISSION, succeeds }, { source: 'api' }));
    expect(unknown.errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.include(
      '/succeeds/identifier NOT_FOUND',
    );
    const other = composePlanted(house, { catalogueCode: 'another' });
    await plant(house, [other]);
    const body = { ...SUBMISSION, succeeds: { ...succeeds, identifier: other.identifier } };
    const misfit = await faultOf(submitLicence(house, clerk, body, { source: 'api' }));
    expect(misfit.errors.map(({ code }) => code)).to.include('SUCCESSION_MISFIT');
    const statuses = ['suspended', 'cancelled', 'revoked', 'annulled', 'voided', 'repealed', 'superseded'] as const;
    for (const status of statuses) {
      const ended = composePlanted(house, { status });
      await plant(house, [ended]);
      for (const act of ['renew', 'amend', 'replace'] as const) {
        const fault = await faultOf(
          ask(ended.id, { act, fields: SUBMISSION.fields, holders: [...SUBMISSION.holders] }),
        );
        expect(fault.errors.map(({ detail }) => detail)).to.include(`${status} → ${act}`);
      }
    }
  });
});
