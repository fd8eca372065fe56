import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadCalendar } from '../../../models/calendar/load-calendar.ts';
import { seedCalendar } from '../../../models/calendar/seed-calendar.ts';
import {
  addWorkingDays,
  explainWorkingDays,
  isWorkingDay,
  type WorkingCalendar,
} from '../../../models/calendar/working-days.ts';
import { addDays, toShanghaiDate } from '../../../models/kernel/clock.ts';
import { seededRandom } from '../../bench/fresh-characters.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

const require = createRequire(import.meta.url);

interface Vectors {
  readonly vectors: readonly { from: string; days: number; due: string; why: string }[];
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/working-days.json', import.meta.url), 'utf8'),
) as Vectors;

describe('working days', () => {
  let house: TestHouse;
  let calendar: WorkingCalendar;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse();
    calendar = await loadCalendar(house);
  });

  after(() => house.close());

  for (const { from, days, due, why } of vectors) {
    it(`${days} after ${from} end with ${due} (${why})`, () => {
      const found = addWorkingDays(calendar, new Date(from), days);
      expect(found.dueDate).to.equal(due);
      expect(found.dueAt.toISOString()).to.equal(`${due}T16:00:00.000Z`);
      expect(found.provisional).to.equal(false);
    });
  }

  it('name every day that was passed over', () => {
    const { skipped } = addWorkingDays(calendar, new Date('2026-02-14T17:30:00+08:00'), 5);
    expect(skipped).to.deep.equal([15, 16, 17, 18, 19, 20, 21, 22, 23].map((day) => `2026-02-${day}`));
  });

  it('say of every day whether it counts, and why', () => {
    const days = explainWorkingDays(calendar, '2026-02-12', 3);
    expect(days.map(({ date, counts, reason, name }) => [date, counts, reason, name])).to.deep.equal([
      ['2026-02-13', true, 'weekday', null],
      ['2026-02-14', true, 'make-up', '春节'],
      ...[15, 16, 17, 18, 19, 20, 21, 22, 23].map((day) => [`2026-02-${day}`, false, 'holiday', '春节']),
      ['2026-02-24', true, 'weekday', null],
    ]);
    expect(explainWorkingDays(calendar, '2027-01-01', 1).map(({ published }) => published)).to.include(false);
  });

  it('agree with a reference that goes from day to day over the published lists', () => {
    const random = seededRandom(20261122);
    const free = new Set<string>();
    const made = new Set<string>();
    for (let year = 2004; year <= 2026; year += 1) {
      const { holidays, workdays } = require(`chinese-days/dist/years/${year}.json`) as Record<string, object>;
      for (const date of Object.keys(holidays ?? {})) free.add(date);
      for (const date of Object.keys(workdays ?? {})) made.add(date);
    }
    const reference = (day: number, count: number): string => {
      for (let at = day, left = count; ; ) {
        at += 1;
        const date = new Date(at * 86_400_000);
        const text = date.toISOString().slice(0, 10);
        const works = made.has(text) || (!free.has(text) && date.getUTCDay() % 6 !== 0);
        if (works) left -= 1;
        if (left === 0) return text;
      }
    };
    const [first, last] = [Date.UTC(2004, 0, 1) / 86_400_000, Date.UTC(2026, 10, 1) / 86_400_000];
    for (let n = 0; n < 100_000; n += 1) {
      const day = first + Math.floor(random() * (last - first));
      const [count, second] = [1 + Math.floor(random() * 10), Math.floor(random() * 86_400)];
      const trigger = new Date(day * 86_400_000 + second * 1000 - 8 * 3600 * 1000);
      const { dueDate } = addWorkingDays(calendar, trigger, count);
      if (dueDate !== reference(day, count))
        expect(dueDate, `${trigger.toISOString()} + ${count}`).to.equal(reference(day, count));
    }
  });

  it('of a year that is not published are provisional, and only when they are counted in', () => {
    expect(addWorkingDays(calendar, new Date('2026-12-30T10:00:00+08:00'), 1).provisional).to.equal(false);
    expect(addWorkingDays(calendar, new Date('2026-12-31T10:00:00+08:00'), 1)).to.include({
      provisional: true,
      dueDate: '2027-01-01',
    });
    expect(addWorkingDays(calendar, new Date('2027-02-05T10:00:00+08:00'), 1).provisional).to.equal(true);
  });

  it('are seeded once; what an administrator changed stays', async () => {
    await house.db.rows.calendarDays.destroy({ where: { date: '2026-05-09' } });
    expect(await seedCalendar(house)).to.equal(0);
    expect(isWorkingDay(await loadCalendar(house), '2026-05-09')).to.equal(false);
  });

  const triggers = fc
    .integer({ min: 0, max: 400 * 86_400 })
    .map((second) => new Date(Date.UTC(2025, 0, 1) + second * 1000));
  const counts = fc.integer({ min: 1, max: 30 });

  const withDay = (date: string, kind: 'holiday' | 'working'): WorkingCalendar => ({
    ...calendar,
    days: new Map([...calendar.days, [date, { kind, name: '样例' }]]),
  });

  /** Three in four of the days lie where they may tell: between the trigger and what is counted from it. */
  const changes = fc
    .tuple(triggers, counts, fc.integer({ min: 0, max: 3 }), fc.nat(400))
    .map(([trigger, days, far, offset]) => {
      const date = addDays(toShanghaiDate(trigger), far === 0 ? offset - 200 : offset % (days * 2));
      return { trigger, days, date };
    });
  const moved = (kind: 'holiday' | 'working', judge: (before: number, after: number) => boolean) => {
    let telling = 0;
    fc.assert(
      fc.property(changes, ({ trigger, days, date }) => {
        const before = addWorkingDays(calendar, trigger, days).dueAt.getTime();
        const after = addWorkingDays(withDay(date, kind), trigger, days).dueAt.getTime();
        if (after !== before) telling += 1;
        return judge(before, after);
      }),
      { numRuns: 2_000 },
    );
    return telling;
  };

  it('never end earlier for one more holiday', () => {
    expect(moved('holiday', (before, after) => after >= before)).to.be.greaterThan(500);
  });

  it('never end later for one more working day', () => {
    expect(moved('working', (before, after) => after <= before)).to.be.greaterThan(200);
  });

  it('are as many as asked for, the last of them the due date, and all other days skipped', () => {
    fc.assert(
      fc.property(triggers, counts, (trigger, days) => {
        const { dueDate, skipped } = addWorkingDays(calendar, trigger, days);
        const counted: string[] = [];
        for (let date = addDays(toShanghaiDate(trigger), 1); date <= dueDate; date = addDays(date, 1))
          counted.push(date);
        const worked = counted.filter((date) => isWorkingDay(calendar, date));
        expect(worked).to.have.length(days);
        expect(worked.at(-1)).to.equal(dueDate);
        expect(counted.filter((date) => !worked.includes(date))).to.deep.equal(skipped);
      }),
    );
  });
});
