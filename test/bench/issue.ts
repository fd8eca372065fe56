/** How many licences a machine issues: lint, intend, draw, seal as OFD (SM2) and PDF (RSA), store with fsync, log and
 *  confirm, on a durable database. Every licence carries 60 characters that were never drawn together before. Submission and
 *  review, which come before, are measured beside it: `journeysPerSec` is all of it in one row. The reference of the same run
 *  is the sealing alone, and OpenSSL's SHA-256 to compare machines. */
import { createHash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startMariaDb } from '../world/mariadb.ts';
import { findProgram } from '../world/programs.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { atLeast, type Bench, type BenchOptions, type BenchResult, median, quantile } from './bench.ts';
import { watchCores } from './cores-left.ts';
import { seededRandom } from './fresh-characters.ts';
import { type IssuingHouse, openIssuingHouse } from './issuing-house.ts';

const FLOOR_PER_CORE = 20;
const IN_FLIGHT_PER_CORE = 3;
/** Until the compiler has seen the work of each thread. */
const WARM_UP = 120;
const YARDSTICK = randomBytes(32 * 2 ** 20);

export const issueBench: Bench = {
  words: 'licences a second: rendered, sealed, stored and logged',
  run: measureIssuing,
};

async function measureIssuing(options: BenchOptions): Promise<BenchResult> {
  const folder = temporaryFolder();
  try {
    const sqlite = await measureOn(undefined, [], join(folder.path, 'sqlite'), options);
    const mariadb = await measureOnMariaDb(join(folder.path, 'mariadb'), options);
    return {
      durability: [sqlite.durability, mariadb?.durability, 'files fsync'].filter(Boolean).join('; '),
      figures: { cores: availableParallelism(), ...sqlite.figures, ...prefixed('mariadb', mariadb?.figures) },
      ratios: { ...sqlite.ratios, ...prefixed('mariadb', mariadb?.ratios) },
      floors: [
        atLeast('issuesPerSecPerCore', FLOOR_PER_CORE, sqlite.figures.issuesPerSecPerCore),
        ...(mariadb
          ? [atLeast('mariadbIssuesPerSecPerCore', FLOOR_PER_CORE, mariadb.figures.issuesPerSecPerCore)]
          : []),
      ],
    };
  } finally {
    folder.remove();
  }
}

async function measureOnMariaDb(folder: string, options: BenchOptions) {
  if (!findProgram('mariadbd')) {
    if (options.full) throw new Error('mariadbd is not on PATH (Debian package mariadb-server)');
    options.say('MariaDB: not measured, mariadbd is not on PATH');
    return undefined;
  }
  const server = await startMariaDb({ durable: true });
  try {
    return await measureOn((await server.createDatabase()).url, [server.pid], folder, options);
  } finally {
    await server.stop();
  }
}

async function measureOn(
  databaseUrl: string | undefined,
  helpers: readonly number[],
  folder: string,
  options: BenchOptions,
) {
  const cores = availableParallelism();
  const open = await openIssuingHouse(folder, databaseUrl, cores);
  try {
    const { rounds, perRound } = sizeOf(options);
    const random = seededRandom(20_260_101);
    await issueMany(open, await prepareMany(open, WARM_UP, random));
    const samples: Round[] = [];
    for (let i = 1; i <= rounds; i += 1) {
      const round = await measureRound(open, helpers, perRound, random);
      samples.push(round);
      options.say(
        `${open.durability}, round ${i}: ${(1000 / round.issueMs).toFixed(1)} licences/s, sealing alone ${(1000 / round.sealMs).toFixed(1)}/s`,
      );
    }
    return { durability: open.durability, ...summarise(samples) };
  } finally {
    await open.close();
  }
}

function sizeOf({ quick, full }: BenchOptions): { readonly rounds: number; readonly perRound: number } {
  if (quick) return { rounds: 5, perRound: 30 };
  return full ? { rounds: 11, perRound: 150 } : { rounds: 7, perRound: 100 };
}

interface Round {
  /** Submitting and reviewing, wall time divided by the number of licences. */
  readonly prepareMs: number;
  /** Wall time divided by the number of licences. */
  readonly issueMs: number;
  /** Of this process, all threads; a database server's own is not in it. */
  readonly cpuMs: number;
  /** Of the machine's cores, less what other programs used while licences were issued. */
  readonly coresLeft: number;
  readonly latenciesMs: readonly number[];
  readonly sealMs: number;
  readonly yardstickMs: number;
}

/** Issuing, sealing alone and the yardstick one after another, so that a busy machine bears on all three alike. */
async function measureRound(
  open: IssuingHouse,
  helpers: readonly number[],
  count: number,
  random: () => number,
): Promise<Round> {
  open.tasks.length = 0;
  const prepareStarted = performance.now();
  const licenceIds = await prepareMany(open, count, random);
  const prepareMs = (performance.now() - prepareStarted) / count;
  const watch = watchCores(helpers);
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const latenciesMs = await issueMany(open, licenceIds);
  const issueMs = (performance.now() - started) / count;
  const cpu = process.cpuUsage(cpuBefore);
  const coresLeft = watch.coresLeft();
  const sealStarted = performance.now();
  await Promise.all(open.tasks.map((task) => open.house.sealer.seal(task)));
  const sealMs = (performance.now() - sealStarted) / count;
  return {
    prepareMs,
    issueMs,
    cpuMs: (cpu.user + cpu.system) / 1000 / count,
    coresLeft,
    latenciesMs,
    sealMs,
    yardstickMs: measureYardstick(),
  };
}

function prepareMany(open: IssuingHouse, count: number, random: () => number): Promise<string[]> {
  const work = Array.from({ length: count }, () => () => open.prepareOne(random));
  return workOff(work);
}

/** Gives the time each took. */
function issueMany(open: IssuingHouse, licenceIds: readonly string[]): Promise<number[]> {
  return workOff(licenceIds.map((licenceId) => () => open.issueOne(licenceId)));
}

/** Some are always under way, as at a busy counter. */
async function workOff<T>(work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const left = [...work];
  const lane = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) results.push(await next());
  };
  await Promise.all(Array.from({ length: IN_FLIGHT_PER_CORE * availableParallelism() }, lane));
  return results;
}

/** OpenSSL's SHA-256 over 32 MiB on one core, milliseconds. */
function measureYardstick(): number {
  const started = performance.now();
  createHash('sha256').update(YARDSTICK).digest();
  return performance.now() - started;
}

function summarise(rounds: readonly Round[]) {
  const issuesPerSec = 1000 / median(rounds.map(({ issueMs }) => issueMs));
  const latencies = rounds.flatMap(({ latenciesMs }) => latenciesMs);
  return {
    figures: {
      issuesPerSec,
      journeysPerSec: 1000 / median(rounds.map(({ prepareMs, issueMs }) => prepareMs + issueMs)),
      coresLeft: median(rounds.map(({ coresLeft }) => coresLeft)),
      issuesPerSecPerCore: median(rounds.map(({ issueMs, coresLeft }) => 1000 / issueMs / coresLeft)),
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
      cpuMsPerIssue: median(rounds.map(({ cpuMs }) => cpuMs)),
      sealingsPerSec: 1000 / median(rounds.map(({ sealMs }) => sealMs)),
      yardstickMiBPerSec: (1000 * YARDSTICK.length) / 2 ** 20 / median(rounds.map(({ yardstickMs }) => yardstickMs)),
    },
    ratios: {
      issueToSealing: median(rounds.map(({ issueMs, sealMs }) => issueMs / sealMs)),
      issueCpuToYardstick: median(rounds.map(({ cpuMs, yardstickMs }) => cpuMs / yardstickMs)),
    },
  };
}

function prefixed(prefix: string, figures: Readonly<Record<string, number>> | undefined): Record<string, number> {
  const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  return Object.fromEntries(Object.entries(figures ?? {}).map(([name, value]) => [prefix + capital(name), value]));
}
