import { expect } from 'chai';
import fc from 'fast-check';
import { type CalendarYearInput, saveYear } from '../../../models/calendar/save-year.ts';
import { viewYear } from '../../../models/calendar/view-year.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import type { ClosingNotice } from '../../../models/deadline/closing-notice.ts';
import { computeLeague } from '../../../models/deadline/league.ts';
import { listOverdue } from '../../../models/deadline/list-deadlines.ts';
import { meetCases } from '../../../models/deadline/meet-cases.ts';
import { recordCases } from '../../../models/deadline/record-cases.ts';
import { tellClocks } from '../../../models/deadline/tell-clocks.ts';
import { listNotices } from '../../../models/notice/list-notices.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';

const HOUR_MS = 3_600_000;

/** What was told of one case, and to whom. */
async function toldOf(house: TestHouse, caseNumber: string): Promise<string[]> {
  const rows = await house.db.rows.notices.findAll({ order: [['id', 'ASC']] });
  return rows
    .filter(({ facts }) => facts.subject === caseNumber)
    .map(({ kind, recipient }) => `${kind} ${recipient === 'bureau' ? 'bureau' : 'body'}`);
}

/** The register of what was told, of the cases whose numbers begin so. */
async function stagesOf({ db }: TestHouse): Promise<string[]> {
  const told = await db.rows.clockNotices.findAll();
  const subjects = new Map((await db.rows.deadlines.findAll()).map(({ id, subjectId }) => [id, subjectId]));
  const names = new Map((await db.rows.cases.findAll()).map(({ id, caseNumber }) => [id, caseNumber]));
  const lines = told.map(({ deadlineId, stage }) => `${names.get(subjects.get(deadlineId) ?? '')} ${stage}`);
  return lines.filter((line) => line.startsWith('停-')).sort();
}

eachDatabase('the pass of the clocks', (openDatabase) => {
  let house: TestHouse;
  let cases = 0;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());

  /** Closed on Monday 2 March 2026. */
  const close = async (more: Partial<ClosingNotice> = {}) => {
    cases += 1;
    const common = { catalogueCode: ENTRY.code, offlineReason: '现场无网络', closedAt: '2026-03-02T09:00:00+08:00' };
    const caseNumber = `报-${cases}`;
    await closeCase(house, clerk, { caseNumber, mode: 'offline', ...common, ...more });
    return caseNumber;
  };
  const BOTH = ['clock.warned body', 'clock.overdue body', 'clock.overdue bureau'];

  it('tells the department when the time runs out, then it and the bureau when it has run out, once each', async () => {
    house.time.set('2026-03-02T01:00:00Z');
    const caseNumber = await close();
    expect(await tellClocks(house)).to.deep.equal({ warned: 0, overdue: 0 });
    house.time.set('2026-03-02T16:00:00Z');
    expect(await tellClocks(house)).to.deep.equal({ warned: 1, overdue: 0 });
    expect(await tellClocks(house)).to.deep.equal({ warned: 0, overdue: 0 });
    house.time.set('2026-03-03T16:00:00Z');
    expect(await tellClocks(house)).to.deep.equal({ warned: 0, overdue: 0 });
    house.time.set('2026-03-03T16:00:00.001Z');
    expect(await tellClocks(house)).to.deep.equal({ warned: 0, overdue: 1 });
    expect(await tellClocks(house)).to.deep.equal({ warned: 0, overdue: 0 });
    expect(await toldOf(house, caseNumber)).to.deep.equal(BOTH);
    const [notice] = (await listNotices(house, bureauOfficer)).items;
    expect(notice?.facts).to.include({
      ...{ clock: 'offline-push', dueAt: '2026-03-03T16:00:00.000Z', article: '第十一条第二款', subject: caseNumber },
    });
    const late = (await listOverdue(house, bureauOfficer)).items.find(({ subject }) => subject === caseNumber);
    expect(late?.id).to.equal(notice?.subjectId);
  });

  it('catches a case whose notice comes days after its deadline, and a licence that comes late without a notice', async () => {
    house.time.set('2026-03-06T01:00:00Z');
    await tellClocks(house);
    const noticed = await close();
    const arrived = await arrive(house, '2026-03-02T09:00:00+08:00');
    const punctual = await arrive(house, '2026-03-05T09:00:00+08:00');
    expect(await tellClocks(house)).to.deep.equal({ warned: 0, overdue: 2 });
    expect(await toldOf(house, noticed)).to.deep.equal(BOTH.slice(1));
    expect(await toldOf(house, arrived)).to.deep.equal(BOTH.slice(1));
    expect(await toldOf(house, punctual)).to.deep.equal([]);
  });

  it('tells anew by a changed calendar whom it has not told, and nobody twice', async () => {
    house.time.set('2026-03-10T01:00:00Z');
    const at = { closedAt: '2026-03-10T08:00:00+08:00' };
    const before = await close(at);
    house.time.set('2026-03-11T17:00:00Z');
    await tellClocks(house);
    expect(await toldOf(house, before)).to.deep.equal(BOTH);
    const { state, days } = await viewYear(house, 2026);
    const arrangement: CalendarYearInput = { state, days: [...days] };
    const more = [...days, { date: '2026-03-11', kind: 'holiday' as const, name: '样例节' }];
    await saveYear(house, bureauOfficer, 2026, { state, days: more });
    const after = await close(at);
    house.time.set('2026-03-12T15:00:00Z');
    await tellClocks(house);
    expect(await toldOf(house, after)).to.deep.equal(['clock.warned body']);
    await saveYear(house, bureauOfficer, 2026, arrangement);
    await tellClocks(house);
    expect([await toldOf(house, before), await toldOf(house, after)]).to.deep.equal([BOTH, BOTH]);
  });

  it('stopped for three days, ends with the same as if it had run', async function () {
    this.timeout(60_000);
    const other = await openFurnishedHouse(await openDatabase());
    try {
      const day = fc.integer({ min: 0, max: 11 * 24 });
      const story = fc.record({
        closed: day,
        noticedAfter: fc.integer({ min: 0, max: 60 }),
        takes: fc.integer({ min: 0, max: 120 }),
      });
      const stories = fc.sample(story, { numRuns: 60, seed: 20260322 });
      const start = Date.parse('2026-03-20T01:00:00Z');
      const stopped = [5 * 24, 8 * 24] as const;
      for (const one of [house, other]) {
        for (let hour = 0; hour < 20 * 24; hour += 1) {
          one.time.set(new Date(start + hour * HOUR_MS).toISOString());
          for (const [index, { closed, noticedAfter, takes }] of stories.entries()) {
            const facts = { caseNumber: `停-${index}`, closedAt: new Date(start + closed * HOUR_MS).toISOString() };
            if (hour === closed + noticedAfter && takes % 5 !== 0) await notice(one, facts);
            if (hour === closed + takes && takes < 110) await arrive(one, facts.closedAt, facts.caseNumber);
          }
          if (hour % 4 === 0 && !(one === other && hour >= stopped[0] && hour < stopped[1])) await tellClocks(one);
        }
      }
      const result = async (one: TestHouse) => ({
        overdue: (await listOverdue(one, bureauOfficer, { limit: 200 })).items
          .filter(({ subject }) => subject.startsWith('停-'))
          .map(({ subject, dueAt, metAt, lateMinutes }) => [subject, dueAt, metAt, lateMinutes].join(' ')),
        told: await Promise.all(
          stories.map(async (_, index) => (await toldOf(one, `停-${index}`)).filter((told) => /overdue/.test(told))),
        ),
        stages: await stagesOf(one),
        league: await computeLeague(one, { from: '2026-03-20', to: '2026-04-30' }),
      });
      const [ran, rested] = [await result(house), await result(other)];
      expect(rested.overdue).to.have.length.greaterThan(10);
      expect(rested).to.deep.equal(ran);
      expect(rested.stages.filter((stage) => stage.endsWith('warned'))).to.have.length.greaterThan(10);
      expect(rested.told.filter((told) => told.length > 0)).to.have.lengthOf(rested.overdue.length);
    } finally {
      await other.close();
    }
  });

  it('goes on where it was stopped, in portions, and tells every clock', async function () {
    this.timeout(60_000);
    house.time.set('2026-03-16T01:00:00Z');
    const closedAt = '2026-03-16T08:00:00+08:00';
    await withTransaction(house.db, async (tx) => {
      const facts = { catalogueCode: ENTRY.code, mode: 'offline' as const, offlineReason: '无网络', closedAt };
      const notices = Array.from({ length: 501 }, (_, n) => ({ caseNumber: `多-${n}`, ...facts }));
      await recordCases(house, tx, clerk.organisationCode ?? '', notices, 'api');
    });
    house.time.set('2026-03-17T17:00:00Z');
    expect(await tellClocks(house)).to.deep.equal({ warned: 501, overdue: 501 });
    expect(await tellClocks(house)).to.deep.equal({ warned: 0, overdue: 0 });
  });

  const notice = (one: TestHouse, facts: Pick<ClosingNotice, 'caseNumber' | 'closedAt'>) =>
    withTransaction(one.db, (tx) =>
      recordCases(
        one,
        tx,
        clerk.organisationCode ?? '',
        [{ catalogueCode: ENTRY.code, mode: 'offline', ...facts }],
        'api',
      ),
    );

  /** A licence comes; its case needs no notice. */
  async function arrive(one: TestHouse, closedAt: string, caseNumber?: string): Promise<string> {
    cases += 1;
    const number = caseNumber ?? `报-${cases}`;
    const licence = { id: one.newId(), issuingBody: clerk.organisationCode ?? '', catalogueCode: ENTRY.code };
    const facts = { caseNumber: number, closedAt: new Date(closedAt), source: 'front-end' as const };
    await withTransaction(one.db, (tx) => meetCases(one, tx, [{ ...licence, ...facts, createdAt: one.clock() }]));
    return number;
  }
});
