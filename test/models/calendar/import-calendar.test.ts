import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import { readIcalEvents } from '../../../models/calendar/ical-events.ts';
import { calendarImportSchema, importCalendar } from '../../../models/calendar/import-calendar.ts';
import { readIcal } from '../../../models/calendar/read-ical.ts';
import { viewYear } from '../../../models/calendar/view-year.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import { findClocks } from '../../../models/deadline/find-clocks.ts';
import { addDays } from '../../../models/kernel/clock.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';

/** 国办发明电〔2025〕7号, as the package `chinese-days` has it. */
const YEAR = 2026;
const PACKAGE_2026 = createRequire(import.meta.url)(`chinese-days/dist/years/${YEAR}.json`) as {
  holidays: Record<string, string>;
  workdays: Record<string, string>;
};

let uids = 0;
const event = (summary: string, from: string, before?: string, more: readonly string[] = []) => {
  uids += 1;
  const date = (name: string, day: string) => `${name};VALUE=DATE:${day.replaceAll('-', '')}`;
  const end = before === undefined ? [] : [date('DTEND', before)];
  return [
    'BEGIN:VEVENT',
    `UID:u${uids}@example`,
    date('DTSTART', from),
    ...end,
    `SUMMARY:${summary}`,
    ...more,
    'END:VEVENT',
  ];
};
const ical = (...events: readonly (readonly string[])[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//样例//CN', ...events.flat(), 'END:VCALENDAR', ''].join('\r\n');

/** What the law frees in every year; 2027 has not been announced. */
const YEAR_2027 = [
  event('元旦（休）', '2027-01-01', '2027-01-04'),
  event('元旦', '2027-01-01'),
  event('春节 休', '2027-02-05', '2027-02-12', ['X-APPLE-SPECIAL-DAY:WORK-HOLIDAY']),
  event('春节（班）', '2027-02-14'),
  event('劳动节 假期 第1天/共1天', '2027-05-01'),
  event('清明节 休', '2027-04-05'),
  event('端午节 休', '2027-06-09'),
  event('中秋节（休）', '2027-09-15'),
  event('国庆节', '2027-10-01', '2027-10-08', ['X-APPLE-SPECIAL-DAY:WORK-HOLIDAY']),
  event('国庆节 补班', '2027-09-26', '2027-09-27'),
];

eachDatabase('the import of a calendar', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());

  const take = (input: object) => importCalendar(house, bureauOfficer, calendarImportSchema.parse(input));
  const faultsOf = async (input: object) => {
    const fault = await faultOf(take(input));
    return fault.errors.map(({ code, detail }) => `${code} ${detail}`);
  };

  it('takes the JSON of chinese-days; the arrangement that is there already changes nothing', async () => {
    const again = await take({ years: [2026], arrangement: PACKAGE_2026 });
    expect(again).to.deep.equal({
      ...{ dryRun: false, leftOut: [], ignoredEvents: 0 },
      years: [{ year: 2026, days: [], states: null, movedTimes: 0, movedClocks: 0 }],
    });
  });

  it('tells in a dry run which days, due times and clocks would move, moves nothing, and then just these', async () => {
    house.time.set('2026-03-02T01:00:00Z');
    const common = { catalogueCode: ENTRY.code, offlineReason: '现场无网络', closedAt: '2026-03-02T09:00:00+08:00' };
    await closeCase(house, clerk, { caseNumber: '入-1', mode: 'offline', ...common });
    const { id = '' } = (await house.db.rows.cases.findOne()) ?? {};
    const due = async () => (await findClocks(house, [id])).get(id)?.dueAt.toISOString();
    const arrangement = { ...PACKAGE_2026, holidays: { ...PACKAGE_2026.holidays, '2026-03-03': 'Sample,样例节,1' } };
    const tried = await take({ years: [2026], arrangement, dryRun: true });
    expect(tried.years).to.deep.equal([
      {
        ...{ year: 2026, days: [{ date: '2026-03-03', before: null, after: 'holiday' }], states: null },
        ...{ movedTimes: 1, movedClocks: 1 },
      },
    ]);
    expect(await due()).to.equal('2026-03-03T16:00:00.000Z');
    const taken = await take({ years: [2026], arrangement });
    expect(taken).to.deep.equal({ ...tried, dryRun: false });
    expect(await due()).to.equal('2026-03-04T16:00:00.000Z');
    await take({ years: [2026], arrangement: PACKAGE_2026 });
  });

  it('takes iCalendar of whole days, and says what it leaves out', async () => {
    const text = ical(...YEAR_2027, event('元旦（休）', '2028-01-01'), event('母亲节', '2027-05-09'));
    const taken = await take({ years: [2027], ical: text.replace('SUMMARY:国庆节 补班', 'SUMMARY:国庆\r\n 节 补班') });
    expect([taken.leftOut, taken.ignoredEvents]).to.deep.equal([[{ year: 2028, days: 1 }], 2]);
    const { days, state } = await viewYear(house, 2027);
    expect([state, days.length, days.filter(({ kind }) => kind === 'working')]).to.deep.equal([
      ...['published', 23],
      [
        { date: '2027-02-14', kind: 'working', name: '春节' },
        { date: '2027-09-26', kind: 'working', name: '国庆节' },
      ],
    ]);
    expect([...new Set(days.map(({ name }) => name))]).to.deep.equal([
      '元旦',
      '春节',
      '清明节',
      '劳动节',
      '端午节',
      '中秋节',
      '国庆节',
    ]);
    expect((await faultOf(viewYear(house, 2028))).code).to.equal('NOT_FOUND');
  });

  it('names every fault of a file at once, with line and UID, and takes nothing of it', async () => {
    uids = 0;
    const text = ical(
      ...YEAR_2027.slice(0, 9),
      event('元旦（休）', '2027-01-03'),
      event('班', '2027-03-01'),
      event('休', '2027-02-30'),
      event('劳动节（休）', '2027-05-02', '2027-05-02'),
      event('国庆节 休 班', '2027-10-09'),
    );
    const found = await faultsOf({ years: [2027], ical: text });
    expect(found).to.deep.equal([
      'DATE_IMPOSSIBLE 第 64 行 UID u3@example DTSTART 20270230',
      'CALENDAR_CONTRADICTION 第 69 行 UID u4@example DTEND 2027-05-02 不晚于 DTSTART 2027-05-02',
      'CALENDAR_CONTRADICTION 第 75 行 UID u5@example 既休又班',
      'CALENDAR_CONTRADICTION 第 54 行 UID u1@example 2027-01-03',
      'CALENDAR_CONTRADICTION 第 59 行 UID u2@example 2027-03-01 本为工作日',
    ]);
    const holes = await faultOf(take({ years: [2027, 2040], arrangement: { holidays: {}, workdays: {} } }));
    expect(new Set(linesOf(holes))).to.deep.equal(new Set(['/years CALENDAR_HOLE']));
    const impossible = { holidays: { '2027-02-30': 'x', 生日: 'y' }, workdays: {} };
    const none = await faultOf(take({ years: [2027], arrangement: impossible }));
    expect(linesOf(none).slice(0, 2)).to.deep.equal([
      '/arrangement/holidays/2027-02-30 DATE_IMPOSSIBLE',
      '/arrangement/holidays/生日 DATE_IMPOSSIBLE',
    ]);
    for (const [both, pointer] of [
      [{ ical: text, arrangement: PACKAGE_2026 }, ' CALENDAR_UNREADABLE'],
      [{}, ' CALENDAR_UNREADABLE'],
    ] as const)
      expect(linesOf(await faultOf(take({ years: [2026], ...both })))).to.include(pointer);
    expect((await viewYear(house, 2027)).days).to.have.lengthOf(23);
    const foreign = importCalendar(house, clerk, calendarImportSchema.parse({ years: [2026], ical: text }));
    expect((await faultOf(foreign)).code).to.equal('FORBIDDEN');
  });
});

describe('an iCalendar text', () => {
  const whole = ical(...YEAR_2027);

  it('is refused when it is cut off, wrongly nested, goes on after its end, or repeats events by rule', () => {
    const troubleOf = (text: string) => readIcal(text).faults.map(({ code, detail }) => `${code} ${detail}`);
    expect(troubleOf(whole)).to.deep.equal([]);
    expect(troubleOf(whole.slice(0, -20))).to.have.lengthOf(1);
    expect(troubleOf(`${whole}BEGIN:VCALENDAR\r\n`)).to.have.lengthOf(1);
    expect(troubleOf(whole.replace('END:VEVENT', 'END:VTODO'))).to.deep.equal([
      'CALENDAR_UNREADABLE 第 9 行 END:VTODO',
    ]);
    expect(troubleOf('[]')).to.deep.equal(['CALENDAR_UNREADABLE 第 1 行 不是 名称:值']);
    expect(troubleOf('')).to.deep.equal(['CALENDAR_UNREADABLE 第 0 行 缺 END:VCALENDAR']);
    uids = 0;
    const odd = ical(
      event('春节（休）', '2027-02-05', undefined, ['RRULE:FREQ=YEARLY']),
      event('春节（休）', '2027-02-05', '2028-02-05'),
      ['BEGIN:VEVENT', 'SUMMARY:休', 'DTSTART:20270205T000000Z', 'END:VEVENT'],
    );
    expect(troubleOf(odd)).to.deep.equal([
      'CALENDAR_UNREADABLE 第 4 行 UID u1@example 不接受 RRULE',
      'CALENDAR_CONTRADICTION 第 10 行 UID u2@example 超过 31 天',
      'CALENDAR_UNREADABLE 第 16 行 DTSTART 不是日期（VALUE=DATE）',
    ]);
  });

  it('gives the days that were written into it, however its lines are folded', () => {
    const day = fc.integer({ min: 0, max: 3650 }).map((n) => addDays('2020-01-01', n));
    const stated = fc.array(fc.tuple(day, fc.integer({ min: 1, max: 9 }), fc.constantFrom('春节（休）', '春节 班')), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(stated, fc.integer({ min: 5, max: 74 }), (events, width) => {
        const text = ical(...events.map(([from, span, words]) => event(words, from, addDays(from, span))));
        const folded = text.replace(
          /[^\r\n]+/g,
          (line) => line.match(new RegExp(`.{1,${width}}`, 'gu'))?.join('\r\n ') ?? '',
        );
        const expected = events.flatMap(([from, span, words]) =>
          Array.from({ length: span }, (_, n) => `${addDays(from, n)} ${words.includes('休') ? 'holiday' : 'working'}`),
        );
        const { days, faults } = readIcal(folded);
        expect(faults).to.deep.equal([]);
        expect(days.map(({ date, kind, name }) => `${date} ${kind} ${name}`)).to.deep.equal(
          expected.map((line) => `${line} 春节`),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('is read or refused whatever it is, and never wastes time', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...whole.split('\r\n')));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (lines) => {
        const { events, trouble } = readIcalEvents(lines.join('\r\n'));
        expect(trouble !== undefined || lines.length > 1).to.equal(true);
        expect(events.length).to.be.at.most(lines.length);
        readIcal(lines.join('\r\n'));
      }),
      { numRuns: 100 },
    );
    const long = `BEGIN:VCALENDAR\r\nX${';A="b"'.repeat(100_000)}\r\n`;
    expect(readIcal(long).faults).to.have.lengthOf(1);
    expect(readIcal(`BEGIN:VCALENDAR\r\n${' \r\n'.repeat(200_000)}`).faults).to.have.lengthOf(1);
  });
});
