import { expect } from 'chai';
import { closeCase } from '../../../models/deadline/close-case.ts';
import type { ClosingNotice } from '../../../models/deadline/closing-notice.ts';
import { listOverdue } from '../../../models/deadline/list-deadlines.ts';
import { tellClocks } from '../../../models/deadline/tell-clocks.ts';
import { houseCaller } from '../../../models/house.ts';
import { maintainRecord, maintainRecords } from '../../../models/licence/maintain-records.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { withdrawLicence } from '../../../models/licence/withdraw-licence.ts';
import { listFindings } from '../../../models/supervision/list-findings.ts';
import { supervise } from '../../../models/supervision/supervise.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse, reviewer, SUBMISSION } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { submitOne } from '../licence/issue-one.ts';
import { composePlanted, plant } from '../licence/plant-licence.ts';

eachDatabase('the clock of a case whose submission was returned', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());
  // Monday 2 March 2026, 09:00 in Shanghai.
  beforeEach(() => house.time.set('2026-03-02T01:00:00Z'));

  const close = (caseNumber: string, more: Partial<ClosingNotice> = {}) =>
    closeCase(house, clerk, {
      ...{ caseNumber, catalogueCode: ENTRY.code, mode: 'offline', offlineReason: '现场无网络' },
      ...{ closedAt: house.clock().toISOString(), ...more },
    });
  const push = (caseNumber: string) => submitOne(house, { caseNumber });
  const giveBack = (id: string) => reviewLicence(house, reviewer, id, { decision: 'returned', reason: '有误' });
  const takeBack = (id: string) => withdrawLicence(house, clerk, id, { reason: '误报' });
  const at = (time: string) => house.time.set(`2026-03-${time}:00Z`);
  /** When its clock stopped and whether late; what it is linked to. */
  const stand = async (caseNumber: string) => {
    const row = await house.db.rows.cases.findOne({ where: { caseNumber } });
    const clock = await house.db.rows.deadlines.findOne({ where: { subjectId: row?.id ?? '' } });
    return [clock?.metAt?.toISOString().slice(8, 16) ?? 'runs', clock?.late ?? null, row?.licenceId ?? null];
  };
  const told = async (caseNumber: string) => {
    await tellClocks(house);
    const rows = await house.db.rows.notices.findAll({ order: [['id', 'ASC']] });
    const own = rows.filter(({ facts }) => facts.subject === caseNumber);
    return own.map(({ kind, recipient }) => `${kind} ${recipient === 'bureau' ? 'bureau' : 'body'}`);
  };
  const found = async (name: string) => {
    await supervise(house, houseCaller('clock'));
    const { items } = await listFindings(house, bureauOfficer, { limit: 200 });
    return items
      .filter(({ subject }) => subject === name)
      .map(({ closedAt, endedBy }) => [closedAt?.slice(8, 16) ?? 'open', endedBy]);
  };
  const LATE = ['clock.overdue body', 'clock.overdue bureau'];

  it('runs again, is told and found as overdue when nothing comes after it, and late when something does', async () => {
    await close('退-1');
    at('03T01:00');
    const first = await push('退-1');
    at('05T01:00');
    expect(await told('退-1')).to.deep.equal([]);
    await giveBack(first);
    expect(await stand('退-1')).to.deep.equal(['runs', null, null]);
    expect(await told('退-1')).to.deep.equal(LATE);
    expect(await found('退-1')).to.deep.equal([['open', null]]);
    const { items } = await listOverdue(house, bureauOfficer, { limit: 200 });
    expect(items.find(({ subject }) => subject === '退-1')).to.include({ metAt: null, lateMinutes: 33 * 60 });
    at('06T01:00');
    const second = await push('退-1');
    expect(await stand('退-1')).to.deep.equal(['06T01:00', true, second]);
    expect(await found('退-1')).to.deep.equal([['06T01:00', 'met']]);
    at('09T01:00');
    await takeBack(second);
    await takeBack(first);
    expect(await stand('退-1')).to.deep.equal(['runs', null, null]);
    expect(await found('退-1')).to.deep.equal([['open', null]]);
    const third = await push('退-1');
    expect(await stand('退-1')).to.deep.equal(['09T01:00', true, third]);
    expect(await found('退-1')).to.deep.equal([['09T01:00', 'met']]);
    expect(await told('退-1')).to.deep.equal(LATE);
  });

  it('warns again before it runs out, and is in time when the newer one comes in time', async () => {
    await close('退-2');
    const first = await push('退-2');
    at('02T17:00');
    expect(await told('退-2')).to.deep.equal([]);
    await giveBack(first);
    expect(await told('退-2')).to.deep.equal(['clock.warned body']);
    const second = await push('退-2');
    expect(await stand('退-2')).to.deep.equal(['02T17:00', false, second]);
    at('05T01:00');
    expect(await told('退-2')).to.deep.equal(['clock.warned body']);
    expect(await found('退-2')).to.deep.equal([]);
  });

  it('counts by another submission of the case that stands', async () => {
    await close('退-3');
    const first = await push('退-3');
    at('05T01:00');
    const second = await push('退-3');
    const third = await push('退-3');
    await giveBack(third);
    expect(await stand('退-3')).to.deep.equal(['02T01:00', false, first]);
    await giveBack(first);
    expect(await stand('退-3')).to.deep.equal(['05T01:00', true, second]);
    expect(await told('退-3')).to.deep.equal(LATE);
    await takeBack(first);
    expect(await stand('退-3')).to.deep.equal(['05T01:00', true, second]);
  });

  it('of a declared batch runs again when fewer stand than were declared', async () => {
    await close('退-4', { mode: 'batch', batchSize: 2 });
    const [first, second] = [await push('退-4'), await push('退-4')];
    at('03T01:00');
    const third = await push('退-4');
    await giveBack(second);
    expect(await stand('退-4')).to.deep.equal(['03T01:00', false, first]);
    await giveBack(first);
    expect(await stand('退-4')).to.deep.equal(['runs', null, third]);
    at('06T01:00');
    expect(await told('退-4')).to.deep.equal(['clock.warned body', ...LATE]);
    await push('退-4');
    expect(await stand('退-4')).to.deep.equal(['06T01:00', true, third]);
  });

  it('counts what a department corrects by itself when the correction arrives', async () => {
    await close('退-5');
    const replaces = await push('退-5');
    at('05T01:00');
    const { licenceNumber: _, ...fields } = SUBMISSION.fields;
    const submission = { ...SUBMISSION, fields, caseNumber: '退-5' };
    const { licenceId } = await submitLicence(house, clerk, submission, { source: 'front-end', replaces });
    expect(await stand('退-5')).to.deep.equal(['05T01:00', true, licenceId]);
    expect(await told('退-5')).to.deep.equal(LATE);
  });

  it('never runs on beside a submission that comes at the moment of the return', async () => {
    const numbers = Array.from({ length: 6 }, (_, n) => `退同-${n}`);
    await Promise.all(
      numbers.map(async (caseNumber) => {
        await close(caseNumber);
        const first = await push(caseNumber);
        const [second] = await Promise.all([push(caseNumber), giveBack(first)]);
        expect(await stand(caseNumber)).to.deep.equal(['02T01:00', false, second]);
      }),
    );
  });

  it('runs again when data maintenance gives its licence to another case, whose clock stops as of the arrival', async () => {
    const licences = [composePlanted(house, { caseNumber: '改-1' }), composePlanted(house), composePlanted(house)];
    await plant(house, licences);
    const [moved = '', one = '', two = ''] = licences.map(({ id }) => id);
    await close('改-1');
    await close('改-2');
    at('04T01:00');
    await maintainRecord(house, clerk, moved, { caseNumber: '改-2', reason: '办件编号更正' });
    expect(await stand('改-1')).to.deep.equal(['runs', null, null]);
    expect(await stand('改-2')).to.deep.equal(['02T01:00', false, moved]);
    await maintainRecord(house, clerk, moved, { caseNumber: '改-1', reason: '原编号无误' });
    expect(await stand('改-1')).to.deep.equal(['02T01:00', false, moved]);
    expect(await stand('改-2')).to.deep.equal(['runs', null, null]);
    // Of two maintenances of one call the last counts: for what lay between them nothing has come.
    const items = ['改-2', '改-4'].map((caseNumber) => ({ licenceId: moved, facts: { caseNumber }, reason: '更正' }));
    await close('改-4');
    await maintainRecords(house, clerk, items);
    expect((await Promise.all(['改-1', '改-2', '改-4'].map(stand))).map(([met]) => met)).to.deep.equal([
      ...['runs', 'runs', '02T01:00'],
    ]);
    // Two that become known as of one case at once: its first licence is one of them, and neither is refused.
    const facts = { caseNumber: '改-3', closedAt: '2026-03-02T09:00:00+08:00', reason: '补录' };
    await Promise.all([one, two].map((id) => maintainRecord(house, clerk, id, facts)));
    expect(await house.db.rows.cases.count({ where: { caseNumber: '改-3' } })).to.equal(1);
  });

  it('stops as of the arrival also where a later one stopped it, or nobody gave notice', async () => {
    const licences = [1, 2, 3, 4].map(() => composePlanted(house));
    await plant(house, licences);
    const [first = '', unannounced = '', mistyped = '', visiting = ''] = licences.map(({ id }) => id);
    const give = (id: string, caseNumber: string, closedAt?: string) =>
      maintainRecord(house, clerk, id, { caseNumber, ...(closedAt ? { closedAt } : {}), reason: '补录' });
    await close('补-1');
    at('06T01:00');
    await push('补-1');
    await give(first, '补-1');
    expect(await stand('补-1')).to.deep.equal(['02T01:00', false, first]);
    await give(unannounced, '补-2', '2026-02-28T09:00:00+08:00');
    expect(await stand('补-2')).to.deep.equal(['02T01:00', false, unannounced]);
    // A number that was mistyped made a case nobody closed: it goes. One by which a late licence would be late no longer stays.
    await give(mistyped, '错-1', '2026-02-20T09:00:00+08:00');
    await give(mistyped, '错-2');
    const wrong = await house.db.rows.cases.findOne({ where: { caseNumber: '错-1' } });
    expect([wrong?.withdrawnReason, (await stand('错-1'))[1]]).to.deep.equal(['办件编号更正为：错-2', false]);
    expect(await stand('错-2')).to.deep.equal(['02T01:00', true, mistyped]);
    // Nor is one taken back whose own licence was returned, and is to come anew.
    at('06T02:00');
    await giveBack(await submitOne(house, { caseNumber: '错-4', closedAt: '2026-03-05T09:00:00+08:00' }));
    await give(visiting, '错-4');
    await give(visiting, '错-5');
    const waits = await house.db.rows.cases.findOne({ where: { caseNumber: '错-4' } });
    expect([waits?.withdrawnReason, (await stand('错-4'))[0]]).to.deep.equal([null, 'runs']);
    await close('错-3');
    await give(mistyped, '错-3');
    expect(await stand('错-2')).to.deep.equal(['runs', null, null]);
    expect((await stand('错-3')).slice(1)).to.deep.equal([false, mistyped]);
  });

  it('was taken back by whoever did it: a system is not written down as a person', async () => {
    const id = await push('退-系统');
    await withdrawLicence(house, { ...clerk, type: 'system' }, id, { reason: '误报' });
    const [review] = await house.db.rows.reviews.findAll({ where: { licenceId: id } });
    expect(review?.reviewerType).to.equal('system');
  });
});
