import { expect } from 'chai';
import type { Transaction } from 'sequelize';
import { superviseJob } from '../../../jobs/supervise.ts';
import { saveYear, viewYear } from '../../../models/calendar/index.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import { readDeadline } from '../../../models/deadline/read-deadline.ts';
import { withdrawCase } from '../../../models/deadline/withdraw-case.ts';
import { findProvinceStates, noteFollowed } from '../../../models/exchange-state/follow-province.ts';
import { recordApplied } from '../../../models/exchange-state/record-applied.ts';
import { houseCaller } from '../../../models/house.ts';
import { maintainRecord } from '../../../models/licence/maintain-records.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { saveOrganisation } from '../../../models/organisation/save-organisation.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import type { FindingKind } from '../../../models/supervision/finding-words.ts';
import { keepClockFindings } from '../../../models/supervision/keep-clock-findings.ts';
import { listFindings } from '../../../models/supervision/list-findings.ts';
import { makeReports } from '../../../models/supervision/make-reports.ts';
import { listFigureCases } from '../../../models/supervision/read-reports.ts';
import { supervise } from '../../../models/supervision/supervise.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
  SUBMISSION,
  systemAdmin,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { composePlanted, plant } from '../licence/plant-licence.ts';

eachDatabase('findings of supervision', (openDatabase) => {
  let house: TestHouse;
  let cases = 0;
  const clock = houseCaller('clock');
  const look = () => supervise(house, clock);

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  // Monday 2 March 2026, 09:00 in Shanghai.
  beforeEach(async () => {
    house.time.set('2026-03-02T01:00:00Z');
    const { findings, deadlines, cases: closed } = house.db.rows;
    await findings.destroy({ where: {} });
    await deadlines.destroy({ where: {} });
    await closed.destroy({ where: {} });
  });

  async function close(closedAt = '2026-03-02T09:00:00+08:00', mode: 'offline' | 'batch' = 'offline') {
    cases += 1;
    const caseNumber = `案-${cases}`;
    const rest = { catalogueCode: ENTRY.code, mode, offlineReason: '现场无网络', closedAt };
    await closeCase(house, clerk, { caseNumber, ...rest, ...(mode === 'batch' ? { batchSize: 20 } : {}) });
    return caseNumber;
  }
  const forget = async () => {
    await house.db.rows.findings.destroy({ where: {} });
    await house.db.sequelize.query('UPDATE deadlines SET found = 0');
  };
  const push = async (caseNumber: string) => {
    const fields = { ...SUBMISSION.fields, licenceNumber: `施字第${2026200000 + Number(caseNumber.slice(2))}号` };
    const submitted = await submitLicence(house, clerk, { ...SUBMISSION, fields, caseNumber }, { source: 'front-end' });
    return submitted.licenceId;
  };
  const all = async (filter: object = {}) =>
    (await listFindings(house, bureauOfficer, { limit: 200, ...filter })).items;
  const brief = async (filter: object = {}) =>
    (await all(filter)).map(({ kind, subject, article, lateMinutes, endedBy }) => [
      ...[kind, subject, article, lateMinutes, endedBy],
    ]);

  it('speak of every late clock once, with its article and its lateness, running or stopped', async () => {
    const [inTime, late, never, batch] = [await close(), await close(), await close(), await close(undefined, 'batch')];
    await push(inTime);
    house.time.set('2026-03-03T17:30:00Z');
    await look();
    await push(late);
    house.time.set('2026-03-05T16:05:00Z');
    await look();
    await look();
    const expected = [
      ['case-late', late, '第十一条第二款', 90, 'met'],
      ['case-late', never, '第十一条第二款', 2885, null],
      ['case-late', batch, '第十一条第三款', 5, null],
    ];
    expect(await brief()).to.have.deep.members(expected);
    expect(await brief({ from: '2026-03-06', to: '2026-03-06' })).to.have.deep.members(expected.slice(1));
  });

  it('are the same though nobody looked for days', async () => {
    const world = async (looks: readonly string[]) => {
      await forget();
      for (const at of looks) {
        house.time.set(at);
        await look();
      }
      return (await brief()).map(([kind, subject, article, minutes]) => [kind, subject, article, minutes]);
    };
    const late = await close();
    await close();
    house.time.set('2026-03-04T01:00:00Z');
    await push(late);
    const hourly = await world(['2026-03-03T16:20:00Z', '2026-03-04T01:20:00Z', '2026-03-09T01:20:00Z']);
    expect(hourly).to.have.length(2);
    expect(await world(['2026-03-09T01:20:00Z'])).to.have.deep.members(hourly);
  });

  it('are taken back when the calendar makes the clock run longer, and come again when it runs out then', async () => {
    const caseNumber = await close();
    house.time.set('2026-03-03T17:00:00Z');
    await look();
    const { days } = await viewYear(house, 2026);
    const plain = days.map(({ date, kind, name }) => ({ date, kind, name }));
    const off = { date: '2026-03-03', kind: 'holiday' as const, name: '停电' };
    await saveYear(house, bureauOfficer, 2026, { state: 'published', document: '测试', days: [...plain, off] });
    await look();
    expect(await all()).to.deep.equal([]);
    house.time.set('2026-03-04T16:01:00Z');
    await look();
    expect(await brief()).to.deep.equal([['case-late', caseNumber, '第十一条第二款', 1, null]]);
    await saveYear(house, bureauOfficer, 2026, { state: 'published', document: '测试', days: plain });
    await look();
    expect(await brief()).to.deep.equal([['case-late', caseNumber, '第十一条第二款', 1441, null]]);
  });

  it('speak of each state while it lasts, are closed when it is mended, and are new when it comes back', async () => {
    const { frontEnds, appliedRows, provinceStates, inspections, commitments, catalogueEntries } = house.db.rows;
    const now = house.clock();
    const machine = { name: 'm1', organisationCode: ISSUER, urlCipher: '', profile: 'zhengku' as const };
    await frontEnds.create({
      ...{ ...machine, state: 'active', lastPassAt: now, lastPassMs: 1, lastError: 'ECONNREFUSED' },
      ...{ waitingSince: now, createdAt: now },
    });
    const applied = { revision: 1, payloadDigest: '', receiptCode: 'X', receiptText: '', licenceId: null };
    await appliedRows.create({ id: 'm1/zk_licence/K1', ...applied, receiptState: 3, appliedAt: now });
    await appliedRows.create({ id: 'm1/zk_licence/K2', ...applied, receiptState: 2, appliedAt: now });
    for (const state of ['held', 'refused', 'acknowledged'] as const)
      await provinceStates.create({
        ...{ id: `licence:${state}`, subjectType: 'licence', subjectId: state, sentSequence: 1, state },
        ...{ acknowledgedSequence: 0, issuingBody: ISSUER, since: now, updatedAt: now },
      });
    const year = { catalogueCode: ENTRY.code, issuingBody: ISSUER, year: 2026, opensOn: '2026-01-01' };
    const quiet = { onMissed: 'record' as const, legalBasis: '', suspended: false, createdAt: now };
    for (const [licenceId, state] of [['L', 'submitted'] as const, ['M', 'missed'] as const])
      await inspections.create({
        id: `${licenceId}:2026`,
        licenceId,
        ...year,
        state,
        closesOn: '2026-03-04',
        ...quiet,
      });
    await commitments.create({
      ...{ id: 'L', issuingBody: ISSUER, catalogueCode: ENTRY.code, state: 'open', dueOn: '2026-03-03' },
      ...{ toldBodies: [], createdAt: now },
    });
    await catalogueEntries.update({ inForceTo: '2026-03-05' }, { where: { code: ENTRY.code } });
    const body = {
      code: OTHER_ISSUER,
      name: '样例市另一局',
      level: 'city',
      isIssuer: true,
      isConsumer: false,
    } as const;
    await saveOrganisation(house, systemAdmin, { ...body, persons: [] });
    house.time.set('2026-03-05T15:00:00Z');
    await look();
    expect((await brief()).map(([kind]) => kind)).to.have.members([
      ...['persons-missing', 'commitment-late', 'inspection-open'],
    ]);
    house.time.set('2026-03-06T01:00:00Z');
    await look();
    const found = await all({ open: 'true' });
    const since = Object.fromEntries(found.map((finding) => [finding.kind, finding.since]));
    const graced = '2026-03-05T16:00:00.000Z';
    expect(since).to.deep.equal({
      ...{ 'machine-silent': graced, 'row-refused': graced, 'province-held': graced, 'province-refused': graced },
      ...{ 'catalogue-outdated': graced, 'inspection-open': '2026-03-04T16:00:00.000Z' },
      ...{ 'commitment-late': '2026-03-03T16:00:00.000Z', 'persons-missing': '2026-03-05T15:00:00.000Z' },
    });
    expect(found.find(({ kind }) => kind === 'persons-missing')?.organisationCode).to.equal(OTHER_ISSUER);
    expect((await listFindings(house, otherClerk, {})).items.map(({ kind }) => kind)).to.deep.equal([
      'persons-missing',
    ]);
    await appliedRows.update({ receiptState: 2 }, { where: {} });
    await frontEnds.update({ lastError: null }, { where: {} });
    house.time.advance({ hours: 1 });
    await look();
    expect((await all({ open: 'true' })).map(({ kind }) => kind)).to.not.include.members(['row-refused']);
    expect(await brief({ kind: 'machine-silent' })).to.deep.equal([['machine-silent', 'm1', '第十条', null, 'mended']]);
    await frontEnds.update({ lastError: 'ECONNREFUSED' }, { where: {} });
    await look();
    await look();
    const ends = async (kind: FindingKind) => (await brief({ kind })).map(([, , , , ended]) => ended);
    expect(await ends('machine-silent')).to.deep.equal([null, 'mended']);
    // Nothing is mended by putting a machine aside, or by sending once more what is refused there.
    await frontEnds.update({ state: 'paused' }, { where: {} });
    await provinceStates.update({ state: 'waiting', failing: 'refused' }, { where: { id: 'licence:refused' } });
    await provinceStates.destroy({ where: { id: 'licence:held' } });
    await look();
    expect(await ends('machine-silent')).to.deep.equal(['ceased', 'mended']);
    expect(await ends('province-refused')).to.deep.equal([null]);
    expect(await ends('province-held')).to.deep.equal(['ceased']);
  });

  it('speak of a row that is refused again and again, since it was refused first', async () => {
    const refuse = (revision: number, state: 2 | 3) => {
      const mark = { frontEnd: 'm1', table: 'zk_licence', businessKey: 'K3', rowId: 3, revision, payloadDigest: '' };
      const receipt = { state, code: 'X', text: '', licenceId: null };
      return withTransaction(house.db, (tx) => recordApplied(house, tx, clock, [{ mark, receipt }]));
    };
    for (const [revision, day] of ['02', '04', '06', '07'].entries()) {
      house.time.set(`2026-03-${day}T01:00:00Z`);
      await look();
      await refuse(revision + 1, 3);
    }
    expect((await all({ kind: 'row-refused' })).map(({ since, closedAt }) => [since, closedAt])).to.deep.equal([
      ['2026-03-05T16:00:00.000Z', null],
    ]);
    await refuse(5, 2);
    await look();
    expect((await brief({ kind: 'row-refused' })).map(([, , , , ended]) => ended)).to.deep.equal(['mended']);
  });

  it('date what the province refuses from its refusal, not from when it was held back, and tell both by themselves', async () => {
    const subject = { type: 'licence', id: 'L-held', sequence: 1 } as const;
    const follow = async (at: string, outcome: 'held' | 'refused') => {
      house.time.set(at);
      const before = (await findProvinceStates(house, ['licence:L-held'])).get('licence:L-held');
      const facts = { issuingBody: ISSUER, digest: null, reason: outcome, receiptId: null, before, arrivals: [] };
      await withTransaction(house.db, (tx) =>
        noteFollowed(house, tx, clock, 'province', [{ subject, outcome, ...facts }], []),
      );
    };
    await follow('2026-03-02T01:00:00Z', 'held');
    house.time.set('2026-03-06T01:00:00Z');
    await look();
    await follow('2026-03-09T01:00:00Z', 'refused');
    await look();
    const own = async () => (await all()).filter(({ subject: name }) => name === 'L-held');
    expect((await own()).map(({ kind, endedBy }) => [kind, endedBy])).to.deep.equal([['province-held', 'ceased']]);
    house.time.set('2026-03-13T01:00:00Z');
    await look();
    const [refused] = await own();
    expect(refused).to.include({ kind: 'province-refused', since: '2026-03-12T16:00:00.000Z', closedAt: null });
    expect(refused?.link).to.equal(`/api/v1/supervision/findings/${refused?.findingId}`);
  });

  it('count no minutes below zero where the calendar has moved what was due past the end of a period', async () => {
    house.time.set('2026-10-30T01:00:00Z');
    const caseNumber = await close('2026-10-28T09:00:00+08:00');
    house.time.set('2026-10-30T02:00:00Z');
    await look();
    house.time.set('2026-11-04T01:00:00Z');
    const { days } = await viewYear(house, 2026);
    const plain = days.map(({ date, kind, name }) => ({ date, kind, name }));
    const off = ['2026-10-29', '2026-10-30'].map((date) => ({ date, kind: 'holiday' as const, name: '停电' }));
    const year = { state: 'published', document: '测试' } as const;
    await saveYear(house, bureauOfficer, 2026, { ...year, days: [...plain, ...off] });
    await look();
    await makeReports(house, clock);
    const asked = { reportId: 'month-2026-10-01', figure: 'case-late.open' };
    expect((await listFigureCases(house, bureauOfficer, asked, {})).items).to.deep.equal([]);
    const [found] = await all({ kind: 'case-late' });
    expect(found).to.include({ subject: caseNumber, since: '2026-11-02T16:00:00.000Z' });
    expect((await readDeadline(house, clerk, found?.link.split('/').at(-1) ?? '')).subject).to.equal(caseNumber);
    await saveYear(house, bureauOfficer, 2026, { ...year, days: plain });
  });

  it('are reported as they stood at the end of the period, though the job stood still over it and they changed after', async () => {
    const { findings, deadlines, cases: closed, clockPasts, reports, reportCases } = house.db.rows;
    await house.db.rows.catalogueEntries.update({ inForceTo: null }, { where: { code: ENTRY.code } });
    const run = async (at: string) => {
      house.time.set(at);
      await look();
      await makeReports(house, clock);
    };
    const live = async (onTime: boolean) => {
      for (const table of [findings, deadlines, closed, clockPasts, reports, reportCases] as const)
        await (table as typeof findings).destroy({ where: {} });
      await run('2026-03-18T01:00:00Z');
      const planted = composePlanted(house);
      await plant(house, [planted]);
      const at = '2026-03-18T09:00:00+08:00';
      const names = [await close(at), await close(at), await close(at), await close(at), await close(at)];
      const [taken = '', late = '', inTime = '', found = ''] = names;
      const soon = await push(inTime);
      house.time.set('2026-03-20T02:00:00Z');
      const tooLate = await push(late);
      if (onTime) await run('2026-03-22T17:00:00Z');
      house.time.set('2026-03-23T02:00:00Z');
      const notice = { caseNumber: taken, catalogueCode: ENTRY.code, reason: '误报', organisationCode: ISSUER };
      await withdrawCase(house, bureauOfficer, notice);
      for (const id of [soon, tooLate])
        await reviewLicence(house, reviewer, id, { decision: 'returned', reason: '有误' });
      await maintainRecord(house, clerk, planted.id, { caseNumber: found, reason: '补录' });
      house.time.advance({ hours: 1 });
      await push(inTime);
      await run('2026-03-24T02:00:00Z');
      const rows = await reportCases.findAll({ where: { reportId: 'week-2026-03-16' }, raw: true });
      const own = rows.filter(({ subject }) => names.includes(subject));
      const said = own.map(({ subject, figure, lateMinutes }) => [names.indexOf(subject), figure, lateMinutes]);
      return { said, league: (await reports.findByPk('week-2026-03-16'))?.league };
    };
    const [onTime, late] = [await live(true), await live(false)];
    expect(onTime.said).to.have.deep.members([
      ...[0, 3, 4].map((at) => [at, 'case-late.open', 4320]),
      [1, 'case-late.ended', 600],
    ]);
    expect(late.said).to.have.deep.members(onTime.said);
    expect(late.league).to.deep.equal(onTime.league);
    expect(late.league?.[0]).to.include({ closed: 5, inTime: 1, late: 1, overdue: 3 });
  });

  it('are of what the clock says when it is held, though its licence is returned at that moment', async () => {
    const caseNumber = await close();
    house.time.set('2026-03-05T01:00:00Z');
    await push(caseNumber);
    const { sequelize, rows } = house.db;
    const query = sequelize.query.bind(sequelize) as (...given: unknown[]) => Promise<unknown>;
    const lookWhile = async (asked: string) => {
      let returned = false;
      Object.assign(sequelize, {
        query: async (...given: unknown[]) => {
          const result = await query(...given);
          if (!returned && String(given[0]).includes(asked)) {
            returned = true;
            const { transaction } = given[1] as { transaction: Transaction };
            await rows.deadlines.update({ metAt: null, late: null }, { where: {}, transaction });
          }
          return result;
        },
      });
      await look();
      Object.assign(sequelize, { query });
      expect(returned, asked).to.equal(true);
    };
    await lookWhile('FROM deadlines WHERE late = 1');
    expect(await brief({ kind: 'case-late' })).to.deep.equal([['case-late', caseNumber, '第十一条第二款', 1980, null]]);
    await rows.deadlines.update({ metAt: house.clock(), late: true }, { where: {} });
    await lookWhile('due_times.due_at <> supervision_findings.since');
    expect(await brief({ kind: 'case-late' })).to.deep.equal([['case-late', caseNumber, '第十一条第二款', 1980, null]]);
  });

  it('are found though one step fails, which is told', async () => {
    const caseNumber = await close();
    house.time.set('2026-03-04T01:00:00Z');
    const { sequelize } = house.db;
    const query = sequelize.query.bind(sequelize) as (...given: unknown[]) => unknown;
    const broken = (sql: unknown) => String(sql).includes('FROM front_ends');
    Object.assign(sequelize, {
      query: (...given: unknown[]) => (broken(given[0]) ? Promise.reject(new Error('broken')) : query(...given)),
    });
    const work = { queue: { add: async () => undefined }, key: '', signal: new AbortController().signal };
    const told = await superviseJob.run(house, clock, work);
    Object.assign(sequelize, { query });
    expect(told).to.deep.include({ failed: ['machine-silent'] });
    expect((await brief({ kind: 'case-late' })).map(([, subject]) => subject)).to.deep.equal([caseNumber]);
  });

  it('cost as many statements for many as for few', async () => {
    const statements = async (count: number) => {
      for (let at = 0; at < count; at += 1) await close();
      house.time.set('2026-03-04T01:00:00Z');
      let seen = 0;
      const { sequelize } = house.db;
      const query = sequelize.query.bind(sequelize) as (...given: unknown[]) => unknown;
      Object.assign(sequelize, {
        query: (...given: unknown[]) => {
          seen += 1;
          return query(...given);
        },
      });
      await keepClockFindings(house, () => true);
      Object.assign(sequelize, { query });
      house.time.set('2026-03-02T01:00:00Z');
      return seen;
    };
    const few = await statements(2);
    await forget();
    expect(await statements(20)).to.equal(few);
  });
});
