/** The law's clocks in masses: a million that run when the calendar changes, and the minutely pass beside a million and ten thousand
 *  that are not due. MariaDB with durable settings. */
import { QueryTypes } from 'sequelize';
import { saveYear } from '../../models/calendar/index.ts';
import { viewYear } from '../../models/calendar/view-year.ts';
import { tellClocks } from '../../models/deadline/index.ts';
import { houseCaller } from '../../models/house.ts';
import { addDays } from '../../models/kernel/clock.ts';
import { turnLicences } from '../../models/licence/index.ts';
import { escalateObjections } from '../../models/objection/index.ts';
import { readInstant } from '../../models/store/bulk-values.ts';
import { startMariaDb } from '../world/mariadb.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';
import { atMost, type Bench, type BenchOptions, type BenchResult, median } from './bench.ts';
import { type ClockGroup, loadClocks, loadOldDueTimes } from './load-clocks.ts';

const COUNTS = {
  quick: { many: 100_000, few: 10_000, due: 100 },
  plain: { many: 1_000_000, few: 10_000, due: 500 },
} as const;
const ROUNDS = 7;
const MOST_SECONDS = 30;
const MOST_OVER = 1.5;

/** A Tuesday morning; nothing below is warned of yet, and all of it is counted over the Wednesday. */
const NOW = '2026-05-19T01:00:00Z';
const CHANGED = '2026-05-20';
const OPEN: readonly ClockGroup[] = [
  { startedOn: '2026-05-19', workingDays: 1 },
  { startedOn: '2026-05-18', workingDays: 3 },
  { startedOn: '2026-05-19', workingDays: 3 },
];
/** By the calendar with the Wednesday made free, worked out by hand. */
const DUE_AFTER = { '2026-05-19+1': '2026-05-21', '2026-05-18+3': '2026-05-22', '2026-05-19+3': '2026-05-25' } as const;
const OLD_FROM = '2010-01-01';
const OLD_DAYS = 5500;
/** The rounds' clocks started on this day and the following, long due. */
const ROUND_FROM = '2025-06-02';

export const clocksBench: Bench = {
  words: 'a calendar change under 1,000,000 open clocks, and the minutely pass beside them',
  run,
};

async function run({ quick, say }: BenchOptions): Promise<BenchResult> {
  const counts = quick ? COUNTS.quick : COUNTS.plain;
  const server = await startMariaDb({ durable: true });
  const houses: TestHouse[] = [];
  const furnish = async (name: string, count: number) => {
    const house = await openTestHouse((await server.createDatabase()).url);
    houses.push(house);
    house.time.set(NOW);
    const started = performance.now();
    await loadOldDueTimes(house, OLD_FROM, OLD_DAYS);
    await loadClocks(house, name, count, OPEN);
    say(`${count} open clocks loaded in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return house;
  };
  try {
    const few = await furnish('few', counts.few);
    const many = await furnish('many', counts.many);
    const pass = await measurePass(many, few, counts.due, say);
    const change = await measureChange(many);
    return {
      durability: 'mysql innodb_flush_log_at_trx_commit=1',
      figures: { ...counts, ...change, ...pass.figures },
      ratios: { passOver: pass.over },
      floors: [
        atMost('recomputeSec', MOST_SECONDS, change.recomputeSec),
        atMost('clocks that read a wrong due time', 0, change.wrong),
        atMost('passOver', MOST_OVER, pass.over),
      ],
    };
  } finally {
    for (const house of houses) await house.close();
    await server.stop();
  }
}

/** Each round as many clocks are due in both, told for the first time; who goes first changes. */
async function measurePass(many: TestHouse, few: TestHouse, due: number, say: (line: string) => void) {
  const samples = { many: [] as number[], few: [] as number[], idleMany: [] as number[], idleFew: [] as number[] };
  const ratios: number[] = [];
  const others = { many: [] as number[], few: [] as number[] };
  for (let round = -1; round < ROUNDS; round += 1) {
    const group: ClockGroup = { startedOn: addDays(ROUND_FROM, round + 1), workingDays: 3 };
    const sides = [[many, 'many'] as const, [few, 'few'] as const];
    const took = { many: 0, few: 0 };
    const idle = { many: 0, few: 0 };
    for (const [house, name] of round % 2 === 0 ? sides : sides.reverse()) {
      await loadClocks(house, `due${round + 1}`, due, [group]);
      took[name] = await timePass(house, due);
      idle[name] = await timePass(house, 0);
      others[name].push(await timeOthers(house));
    }
    if (round < 0) continue;
    samples.many.push(took.many);
    samples.few.push(took.few);
    samples.idleMany.push(idle.many);
    samples.idleFew.push(idle.few);
    ratios.push(took.many / took.few);
    say(`round ${round + 1}: ${took.many.toFixed(0)} ms beside many, ${took.few.toFixed(0)} ms beside few`);
  }
  return {
    over: median(ratios),
    figures: {
      ...{ passManyMs: median(samples.many), passFewMs: median(samples.few) },
      ...{ idlePassManyMs: median(samples.idleMany), idlePassFewMs: median(samples.idleFew) },
      ...{ otherPassesManyMs: median(others.many), otherPassesFewMs: median(others.few) },
    },
  };
}

async function timePass(house: TestHouse, due: number): Promise<number> {
  const started = performance.now();
  const { warned, overdue } = await tellClocks(house);
  const took = performance.now() - started;
  if (warned !== due || overdue !== due) throw new Error(`${warned} warned and ${overdue} overdue instead of ${due}`);
  return took;
}

/** What else comes every minute, with nothing to do: objections that ran late, licences whose day has come. */
async function timeOthers(house: TestHouse): Promise<number> {
  const started = performance.now();
  const clock = houseCaller('bench');
  const done = (await escalateObjections(house, clock)) + (await turnLicences(house, clock));
  if (done !== 0) throw new Error(`${done} done where nothing was due`);
  return performance.now() - started;
}

/** A day is made free. The time ends when every open clock has been read with its due time. */
async function measureChange(house: TestHouse) {
  const { state, days } = await viewYear(house, 2026);
  const before = await readOpen(house);
  const started = performance.now();
  const more = [...days, { date: CHANGED, kind: 'holiday' as const, name: '样例节' }];
  await saveYear(house, houseCaller('bench'), 2026, { state, days: more });
  const saved = performance.now();
  const after = await readOpen(house);
  const ended = performance.now();
  const expected = new Map(Object.entries(DUE_AFTER).map(([id, day]) => [id, Date.parse(`${day}T16:00:00Z`)]));
  let [moved, wrong] = [0, 0];
  for (const { id, dueAt, clocks } of after) {
    const old = before.find((row) => row.id === id)?.dueAt;
    if (old !== dueAt) moved += clocks;
    if (dueAt !== (expected.get(id) ?? old)) wrong += clocks;
  }
  const times = await house.db.rows.dueTimes.count();
  return {
    recomputeSec: (ended - started) / 1000,
    saveSec: (saved - started) / 1000,
    ...{ readAllSec: (ended - saved) / 1000, dueTimes: times, moved, wrong },
  };
}

/** Every open clock by way of the time it runs towards, clock by clock. */
async function readOpen({ db }: TestHouse) {
  const rows = await db.sequelize.query<{ readonly id: string; readonly dueAt: unknown; readonly clocks: unknown }>(
    `SELECT due_times.id AS id, MAX(due_times.due_at) AS dueAt, COUNT(deadlines.organisation_code) AS clocks
     FROM deadlines JOIN due_times ON due_times.id = deadlines.due_time WHERE met_at IS NULL GROUP BY due_times.id`,
    { type: QueryTypes.SELECT },
  );
  return rows.map(({ id, dueAt, clocks }) => ({ id, dueAt: readInstant(dueAt).getTime(), clocks: Number(clocks) }));
}
