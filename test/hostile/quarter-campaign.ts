/** A quarter of a city on a clock that is moved: forty departments that close, push, answer and correct in their own ways, by the real
 *  acts and jobs; what the house then reports is compared with what a reducer that shares no code makes of the same story. Then the
 *  same quarter once more, the scheduler stopped for three days over the end of a month, and for three in the middle of the next.
 *  `npm run campaign:quarter -- [--licences N] [--objections N] [--passes N] [--seed S]`; docs/reliability.md. */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startMariaDb, type TestDatabase } from '../world/mariadb.ts';
import { checkWorld } from './quarter/check-world.ts';
import { compareLines, compareOutcomes } from './quarter/compare-outcomes.ts';
import type { Outcome } from './quarter/outcome.ts';
import { playStory } from './quarter/play-story.ts';
import { predict } from './quarter/predict.ts';
import { openQuarterHouse } from './quarter/quarter-world.ts';
import { learnNames, readOutcome } from './quarter/read-outcome.ts';
import { readTables } from './quarter/read-tables.ts';
import { passTimes } from './quarter/run-jobs.ts';
import type { Story } from './quarter/story.ts';
import { writeStory } from './quarter/write-story.ts';

export interface QuarterOptions {
  readonly seed: number;
  readonly licences: number;
  readonly objections: number;
  /** Times a day at which the jobs run. */
  readonly passes: number;
  /** An empty one for each run. */
  createDatabase(): Promise<TestDatabase>;
  say(line: string): void;
}

export interface QuarterReport {
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Over the end of a week and a month, whose reports are made late; and over the publication of another arrangement and the holiday that it
 *  brings. */
const STOPS = [
  [Date.parse('2026-02-27T20:00:00+08:00'), Date.parse('2026-03-02T20:00:00+08:00')],
  [Date.parse('2026-03-03T20:00:00+08:00'), Date.parse('2026-03-06T20:00:00+08:00')],
] as const;

export async function runQuarter(options: QuarterOptions): Promise<QuarterReport> {
  const { passes } = options;
  const story = writeStory(options);
  // Side by side, each on a database of its own.
  const [whole, stopped] = await Promise.all([
    runOnce(options, story, passTimes(passes), 'the scheduler never stopped'),
    runOnce(options, story, passTimes(passes, STOPS), 'the scheduler stopped for three days, twice'),
  ]);
  const differences = Object.keys(whole.tables).flatMap((name) =>
    compareLines(`table ${name}, stopped`, whole.tables[name] ?? [], stopped.tables[name] ?? []),
  );
  return { faults: [...whole.faults, ...stopped.faults, ...differences], counts: countOf(story, whole.outcome) };
}

async function runOnce({ createDatabase, say }: QuarterOptions, story: Story, passes: readonly number[], name: string) {
  const database = await createDatabase();
  const house = await openQuarterHouse(database.url);
  try {
    const began = performance.now();
    const played = await playStory(house, story, passes);
    const names = await learnNames(played);
    const outcome = await readOutcome(played, names);
    const faults = [...compareOutcomes(predict(story, passes), outcome), ...(await checkWorld(house))];
    const tables = await readTables(played, names);
    say(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s, ${faults.length} faults`);
    return { outcome, tables, faults: faults.map((fault) => `${name}: ${fault}`) };
  } finally {
    await house.close();
    await database.drop();
  }
}

function countOf({ steps, licences, objections }: Story, { findings, listed, notices, refused, stages }: Outcome) {
  const overdue = listed.filter(({ stage }) => stage === 'overdue');
  const ofArticle = (article: string) => overdue.filter((clock) => clock.article === article).length;
  return {
    ...{ steps: steps.length, licences, objections, overdue: overdue.length, running: listed.length - overdue.length },
    ...{ offlineLate: ofArticle('第十一条第二款'), batchesLate: ofArticle('第十一条第三款') },
    ...{ answersLate: ofArticle('第二十条'), correctionsLate: ofArticle('主管部门规定') },
    ...{ findings: findings.length, stages: stages.length, notices: notices.length, refused: refused.length },
  };
}

async function main(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      licences: { type: 'string', default: '1000' },
      objections: { type: 'string', default: '300' },
      passes: { type: 'string', default: '4' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    },
  });
  const [licences, objections] = [Number(values.licences), Number(values.objections)];
  const [passes, seed] = [Number(values.passes), Number(values.seed)];
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(`seed ${seed}: ${licences} licences, ${objections} objections, ${passes} passes a day`);
  const server = await startMariaDb({ bufferMb: 256 });
  try {
    const { createDatabase } = server;
    const { faults, counts } = await runQuarter({ licences, objections, passes, seed, createDatabase, say });
    for (const fault of faults.slice(0, 50)) say(`✘ ${fault}`);
    say(JSON.stringify({ campaign: 'quarter', seed, faults: faults.length, counts }));
    return faults.length === 0 ? 0 : 1;
  } finally {
    await server.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main(process.argv.slice(2));
