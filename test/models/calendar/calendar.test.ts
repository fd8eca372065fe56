import { expect } from 'chai';
import { checkCalendar } from '../../../models/calendar/check-calendar.ts';
import { explainDue } from '../../../models/calendar/explain-due.ts';
import { holidaysByLaw } from '../../../models/calendar/holidays-by-law.ts';
import { judgeYear } from '../../../models/calendar/judge-year.ts';
import { loadCalendar } from '../../../models/calendar/load-calendar.ts';
import type { CalendarDayColumns } from '../../../models/calendar/rows.ts';
import { type CalendarYearInput, saveYear } from '../../../models/calendar/save-year.ts';
import { viewCalendar, viewYear } from '../../../models/calendar/view-year.ts';
import { addWorkingDays } from '../../../models/calendar/working-days.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import { findClocks } from '../../../models/deadline/find-clocks.ts';
import { listDeadlines, listOverdue } from '../../../models/deadline/list-deadlines.ts';
import { meetDeadlines } from '../../../models/deadline/open-deadline.ts';
import { houseCaller } from '../../../models/house.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';

eachDatabase('the working-day calendar', (openDatabase) => {
  let house: TestHouse;
  let cases = 0;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());

  const arrangement = async (year: number): Promise<CalendarYearInput> => {
    const { state, days } = await viewYear(house, year);
    return { state, days: [...days] };
  };
  const holiday = (date: string): CalendarDayColumns => ({ date, kind: 'holiday', name: '样例节' });
  /** Mid-autumn may fall into the days of October. */
  const byLaw = (year: number) => [...new Set(holidaysByLaw(year).map(({ date }) => date))].map(holiday);
  /** Closed on Monday 2 March 2026. @returns what its clock is for */
  const openCase = async (mode: 'offline' | 'batch' = 'batch') => {
    cases += 1;
    house.time.set('2026-03-02T01:00:00Z');
    const caseNumber = `历-${cases}`;
    const closedAt = '2026-03-02T09:00:00+08:00';
    const common = { catalogueCode: ENTRY.code, offlineReason: '现场无网络', closedAt };
    await closeCase(house, clerk, { caseNumber, mode, ...common });
    return (await house.db.rows.cases.findOne({ where: { caseNumber } }))?.id ?? '';
  };
  const dueOf = async (subjectId: string) => (await findClocks(house, [subjectId])).get(subjectId)?.dueAt.toISOString();
  const meet = (subjectId: string) =>
    withTransaction(house.db, (tx) => meetDeadlines(house, tx, [subjectId], house.clock()));

  it('moves every clock that runs when a day is made free, and none that was stopped', async () => {
    const [running, stopped] = [await openCase(), await openCase()];
    await meet(stopped);
    const before = await arrangement(2026);
    await saveYear(house, bureauOfficer, 2026, { ...before, days: [...before.days, holiday('2026-03-04')] });
    expect(await dueOf(running)).to.equal('2026-03-06T16:00:00.000Z');
    expect(await dueOf(stopped)).to.equal('2026-03-05T16:00:00.000Z');
    const { changes } = await viewYear(house, 2026);
    expect(changes.at(-1)).to.deep.include({
      ...{ actor: bureauOfficer.id, movedTimes: 1, movedClocks: 1, states: null },
      days: [{ date: '2026-03-04', before: null, after: 'holiday' }],
    });
    await saveYear(house, bureauOfficer, 2026, before);
    expect(await dueOf(running)).to.equal('2026-03-05T16:00:00.000Z');
    expect(await dueOf(stopped)).to.equal('2026-03-05T16:00:00.000Z');
  });

  it('writes the change into the access log, and nothing when nothing changes', async () => {
    const count = () => house.db.rows.auditEntries.count({ where: { act: 'calendar.save' } });
    const before = await arrangement(2026);
    const written = await count();
    await saveYear(house, bureauOfficer, 2026, before);
    expect(await count()).to.equal(written);
    await saveYear(house, bureauOfficer, 2026, { ...before, document: '国办发明电〔2025〕7号' });
    expect(await count()).to.equal(written + 1);
  });

  it('takes the next year, provisional at first; clocks that reach into it say so until it is published', async () => {
    const days = byLaw(2027);
    const provisional = async () =>
      addWorkingDays(await loadCalendar(house), new Date('2026-12-31T01:00:00Z'), 1).provisional;
    await saveYear(house, bureauOfficer, 2027, { state: 'provisional', days });
    expect(await provisional()).to.equal(true);
    await saveYear(house, bureauOfficer, 2027, { state: 'published', days });
    expect(await provisional()).to.equal(false);
    expect((await viewYear(house, 2027)).changes.map(({ states }) => states)).to.deep.equal([
      'none → provisional',
      'provisional → published',
    ]);
  });

  it('says in December that the next year is missing, and not before', async () => {
    const missing = async (at: string) => {
      house.time.set(at);
      return (await viewCalendar(house)).nextYearMissing;
    };
    expect(await missing('2027-11-30T15:59:59Z')).to.equal(false);
    expect(await missing('2027-11-30T16:00:00Z')).to.equal(true);
    expect(await missing('2026-12-15T00:00:00Z')).to.equal(false);
    // The year has begun, and its arrangement is missing still.
    expect(await missing('2028-01-01T00:00:00Z')).to.equal(true);
    expect((await viewCalendar(house)).missingYear).to.equal(2028);
  });

  it('explains due dates of the years that a calendar can have, and of no other', async () => {
    const ask = (from: string) => explainDue(house, { from, workingDays: 5 });
    expect(await ask('2026-02-13')).to.include({ dueDate: '2026-02-27', dueAt: '2026-02-27T16:00:00.000Z' });
    for (const from of ['9999-12-30', '0000-01-01', '2026-02-30'])
      expect(linesOf(await faultOf(ask(from))), from).to.deep.equal(['/from DATE_IMPOSSIBLE']);
  });

  it('raises an alarm about it that stands until the year is published', async () => {
    const open = async () =>
      (await house.db.rows.exchangeAlarms.findAll({ where: { kind: 'calendar', clearedAt: null } })).map(
        ({ subject }) => subject,
      );
    house.time.set('2027-12-01T00:00:00Z');
    await checkCalendar(house, houseCaller('test'));
    await checkCalendar(house, houseCaller('test'));
    expect(await open()).to.deep.equal(['2028']);
    house.time.set('2028-01-03T00:00:00Z');
    await checkCalendar(house, houseCaller('test'));
    expect(await open()).to.deep.equal(['2028']);
    const days = byLaw(2028);
    await saveYear(house, bureauOfficer, 2028, { state: 'published', days });
    await checkCalendar(house, houseCaller('test'));
    expect(await open()).to.deep.equal([]);
  });

  it('refuses dates that are none or of another year, a date twice, a pointless make-up day, a holiday by law left out', async () => {
    const { days } = await arrangement(2026);
    const bad = [
      ...days.filter(({ date }) => date !== '2026-10-02'),
      ...[holiday('2026-02-29'), holiday('2027-01-01'), holiday('2026-01-01')],
      { date: '2026-03-05', kind: 'working' as const, name: '样例' },
    ];
    const fault = await faultOf(saveYear(house, bureauOfficer, 2026, { state: 'published', days: bad }));
    const at = days.length - 1;
    expect(linesOf(fault)).to.deep.equal([
      `/days/${at}/date DATE_IMPOSSIBLE`,
      `/days/${at + 1}/date DATE_IMPOSSIBLE`,
      `/days/${at + 2}/date CALENDAR_CONTRADICTION`,
      `/days/${at + 3}/date CALENDAR_CONTRADICTION`,
      '/days CALENDAR_HOLE',
    ]);
    expect(await arrangement(2026)).to.deep.equal({ state: 'published', days });
  });

  it('refuses a year in which any of the seven holidays by law is left out, and takes every year that was published', async () => {
    // Worked out by hand: 国办发明电〔2025〕7号 names the feasts of 2026; those of 2027 are of the almanac.
    const dates2027 = ['01-01', '02-06', '02-07', '04-05', '05-01', '06-09', '09-15', '10-01', '10-02', '10-03'];
    expect(holidaysByLaw(2027).map(({ date }) => date)).to.deep.equal(dates2027.map((day) => `2027-${day}`));
    const { days } = await arrangement(2026);
    for (const name of ['元旦', '春节', '清明', '劳动节', '端午', '中秋', '国庆节']) {
      const left = days.filter((day) => !(day.kind === 'holiday' && day.name === name));
      const holes = judgeYear(2026, left).map(({ code, detail }) => `${code} ${detail?.slice(11, 13)}`);
      expect(new Set(holes), name).to.deep.equal(new Set([`CALENDAR_HOLE ${name.slice(0, 2)}`]));
    }
    for (let year = 2004; year <= 2026; year += 1)
      expect(judgeYear(year, (await arrangement(year)).days), String(year)).to.deep.equal([]);
  });

  it('refuses a year with no year beside it, and anybody but the bureau', async () => {
    const days = byLaw(2040);
    const fault = await faultOf(saveYear(house, bureauOfficer, 2040, { state: 'published', days }));
    expect(linesOf(fault)).to.deep.equal(['/year CALENDAR_HOLE']);
    expect((await faultOf(saveYear(house, clerk, 2026, await arrangement(2026)))).code).to.equal('FORBIDDEN');
  });

  it('warns from the last working day, of three days from the last but one; then the clock is late with its article', async () => {
    const [one, three] = [await openCase('offline'), await openCase('batch')];
    const listed = async (stage: 'warned' | 'overdue') => {
      const { items } = await listDeadlines(house, bureauOfficer, { stage, limit: 200 });
      return items.filter(({ subjectId }) => [one, three].includes(subjectId)).map(({ article }) => article);
    };
    house.time.set('2026-03-02T15:59:59.999Z');
    expect(await listed('warned')).to.deep.equal([]);
    house.time.set('2026-03-02T16:00:00.000Z');
    expect(await listed('warned')).to.deep.equal(['第十一条第二款']);
    house.time.set('2026-03-03T16:00:00.001Z');
    expect(await listed('overdue')).to.deep.equal(['第十一条第二款']);
    expect(await listed('warned')).to.deep.equal(['第十一条第三款']);
    house.time.set('2026-03-05T16:02:00.000Z');
    expect(await listed('overdue')).to.deep.equal(['第十一条第二款', '第十一条第三款']);
    await meet(three);
    house.time.advance({ days: 10 });
    const { items } = await listOverdue(house, bureauOfficer, { limit: 200 });
    expect(items.find(({ subjectId }) => subjectId === three)).to.include({ lateMinutes: 2, stage: 'overdue' });
  });
});
