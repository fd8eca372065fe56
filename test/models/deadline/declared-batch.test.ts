import { expect } from 'chai';
import { closeCase } from '../../../models/deadline/close-case.ts';
import { countCase } from '../../../models/deadline/count-batch.ts';
import { shrinkBatch } from '../../../models/deadline/shrink-batch.ts';
import { maintainRecord } from '../../../models/licence/maintain-records.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  clerk,
  ENTRY,
  ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { submitOne } from '../licence/issue-one.ts';
import { composePlanted, plant } from '../licence/plant-licence.ts';

eachDatabase('a declared batch', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  const of = (caseNumber: string) => ({ caseNumber, catalogueCode: ENTRY.code });
  const declare = (caseNumber: string) =>
    closeCase(house, clerk, { ...of(caseNumber), mode: 'batch', batchSize: 3, closedAt: house.clock().toISOString() });
  const count = async (caseNumber: string) => (await countCase(house, clerk, of(caseNumber))).batch;
  const metAt = async (caseNumber: string) => {
    const row = await house.db.rows.cases.findOne({ where: { caseNumber } });
    return (await house.db.rows.deadlines.findOne({ where: { subjectId: row?.id ?? '' } }))?.metAt?.toISOString();
  };

  it('is counted, and its clock stops with the last that was declared, not with the first', async () => {
    await declare('批-1');
    const first = await submitOne(house, { caseNumber: '批-1' });
    await submitOne(house, { caseNumber: '批-1' });
    expect(await count('批-1')).to.deep.equal({ declared: 3, arrived: 2, missing: 1 });
    await reviewLicence(house, reviewer, first, { decision: 'returned', reason: '有误' });
    await submitOne(house, { caseNumber: '批-1' });
    expect(await count('批-1')).to.deep.equal({ declared: 3, arrived: 2, missing: 1 });
    expect(await metAt('批-1')).to.equal(undefined);
    house.time.set('2026-03-03T01:00:00Z');
    await Promise.all([submitOne(house, { caseNumber: '批-1' }), submitOne(house, { caseNumber: '批-1' })]);
    expect(await count('批-1')).to.deep.equal({ declared: 3, arrived: 4, missing: 0 });
    expect(await metAt('批-1')).to.equal('2026-03-03T01:00:00.000Z');
    expect((await faultOf(countCase(house, otherClerk, of('批-1')))).code).to.equal('NOT_FOUND');
  });

  it('stays counted, whatever comes, is returned, is taken away by maintenance or comes beside what was declared', async () => {
    house.time.set('2026-03-02T01:00:00Z');
    await declare('批-3');
    const stand: string[] = [];
    const push = async () => void stand.push(await submitOne(house, { caseNumber: '批-3' }));
    const giveBack = async (place: number) => {
      const [id = ''] = stand.splice(place, 1);
      await reviewLicence(house, reviewer, id, { decision: 'returned', reason: '有误' });
    };
    // A licence that is issued already may come to stand for it, and leave it again.
    const planted = composePlanted(house);
    await plant(house, [planted]);
    const move = (caseNumber: string) => maintainRecord(house, clerk, planted.id, { caseNumber, reason: '更正' });
    const takeIn = async () => {
      await move('批-3');
      stand.unshift(planted.id);
    };
    const takeOut = async () => {
      await move('他-1');
      stand.splice(stand.indexOf(planted.id), 1);
    };
    const correct = () =>
      maintainRecord(house, clerk, planted.id, { closedAt: '2026-03-02T08:00:00+08:00', reason: '更正' });
    const acts = [push, push, takeIn, correct, push, () => giveBack(1), push, push, takeOut, () => giveBack(3)];
    const more = [() => giveBack(0), push, push, push, () => giveBack(4), () => giveBack(0), () => giveBack(0), push];
    for (const [minute, act] of [...acts, ...more].entries()) {
      house.time.set(`2026-03-02T02:${10 + minute}:00Z`);
      await act();
      const row = await house.db.rows.cases.findOne({ where: { caseNumber: '批-3' } });
      const counted = await count('批-3');
      expect(counted?.arrived).to.equal(stand.length);
      expect(row?.arrived ?? stand.length).to.equal(stand.length);
      expect((await metAt('批-3')) === undefined).to.equal(stand.length < 3);
      if (row?.licenceId) expect(stand).to.include(row.licenceId);
      // The clock stands at the arrival of the one with which three stood.
      const third = await house.db.rows.licences.findByPk([...stand].sort()[2] ?? '');
      expect(await metAt('批-3')).to.equal(third?.createdAt.toISOString());
    }
  });

  it('is made smaller by the bureau alone, and its clock stops with the last of so many', async () => {
    house.time.set('2026-03-02T01:00:00Z');
    await declare('批-4');
    // By a clock that goes on within each act, as outside of tests: an arrival tells no clock otherwise than it stood.
    const pasts = () => house.db.rows.clockPasts.count();
    const before = await pasts();
    const clock = () => {
      house.time.advance({ milliseconds: 1 });
      return house.time.now();
    };
    const first = await submitOne({ ...house, clock }, { caseNumber: '批-4' });
    house.time.set('2026-03-03T01:00:00Z');
    const second = await submitOne({ ...house, clock }, { caseNumber: '批-4' });
    expect(await pasts()).to.equal(before);
    const arrival = async (id: string) => (await house.db.rows.licences.findByPk(id))?.createdAt.toISOString();
    house.time.set('2026-03-10T01:00:00Z');
    const body = { ...of('批-4'), organisationCode: ISSUER, batchSize: 2, reason: '第三行不应发证' };
    expect((await faultOf(shrinkBatch(house, clerk, body))).code).to.equal('FORBIDDEN');
    const shrink = (more: object) => shrinkBatch(house, bureauOfficer, { ...body, ...more });
    expect((await faultOf(shrink({ batchSize: 3 }))).code).to.equal('BATCH_NOT_SMALLER');
    expect((await faultOf(shrink({ caseNumber: '批-0' }))).code).to.equal('NOT_FOUND');
    expect(await metAt('批-4')).to.equal(undefined);
    expect((await shrink({})).batch).to.deep.equal({ declared: 2, arrived: 2, missing: 0 });
    expect(await metAt('批-4')).to.equal(await arrival(second));
    // Said in whatever order, the last of so many counts; and how the clock stood until then is kept.
    expect((await shrink({ batchSize: 1 })).batch?.missing).to.equal(0);
    expect(await metAt('批-4')).to.equal(await arrival(first));
    expect(await pasts()).to.equal(before + 1);
  });

  it('that had all arrived before it was declared is met by the last of them', async () => {
    for (const second of ['01', '02', '03', '04']) {
      house.time.set(`2026-03-03T02:00:${second}Z`);
      await submitOne(house, { caseNumber: '批-2' });
    }
    await declare('批-2');
    expect(await metAt('批-2')).to.equal('2026-03-03T02:00:03.000Z');
  });
});
