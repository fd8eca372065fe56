/** The exchange from a department's row to the province's receipt, everything durable, on the databases and processes of a city:
 *  changes of stored licences, new licences with a sealed file each, what it costs to find nothing, and how the counter fares
 *  beside a large import. Beside each the bare copy of the same rows and bytes between the same databases in the same run. */
import type mysql from 'mysql2/promise';
import { findProgram } from '../world/programs.ts';
import { bareCopy } from './bare-copy.ts';
import {
  atLeast,
  atMost,
  type Bench,
  type BenchOptions,
  type BenchResult,
  type Floor,
  median,
  quantile,
} from './bench.ts';
import { watchCores } from './cores-left.ts';
import type { Worked } from './exchange-worker.ts';
import { type ExchangeWorld, openExchangeWorld } from './exchange-world.ts';
import { handInSheet, requireImported } from './hand-in-sheet.ts';
import { measureMixedLoad } from './mixed-load.ts';
import { pushChanges, pushSealed, sealLicences } from './push-rows.ts';
import type { WorkerProcess } from './worker-process.ts';

const FLOORS = { changesPerSec: 833, filesPerSec: 150, peakMb: 400, emptyPassRatio: 1.5, mixedP99Ratio: 2 } as const;
const ROUNDS = 5;
/** A worker that has been at work for a while: what it does often is compiled. */
const WARM_UP = { changes: 500, files: 300 } as const;
const ROWS_AT_ONCE = 500;
const FILES_AT_ONCE = 50;
const SMALL_STORE = 10_000;

interface Size {
  readonly stored: number;
  /** Drained in one go. */
  readonly backlog: number;
  /** Of each of the rounds. */
  readonly changes: number;
  readonly files: number;
  readonly emptyPasses: number;
  readonly imported: number;
}

function sizeOf({ quick, full }: BenchOptions): Size {
  if (quick) return { stored: 10_000, backlog: 4000, changes: 1000, files: 240, emptyPasses: 0, imported: 0 };
  if (full)
    return { stored: 1_000_000, backlog: 100_000, changes: 10_000, files: 600, emptyPasses: 15, imported: 100_000 };
  return { stored: 200_000, backlog: 100_000, changes: 5000, files: 600, emptyPasses: 15, imported: 30_000 };
}

export const exchangeBench: Bench = {
  words: 'changes and files a second, from the front-end machine to the province’s receipt',
  run: measureExchange,
};

async function measureExchange(options: BenchOptions): Promise<BenchResult> {
  if (!findProgram('mariadbd')) throw new Error('mariadbd is not on PATH (Debian package mariadb-server)');
  const size = sizeOf(options);
  const empty = size.emptyPasses === 0 ? undefined : await measureEmptyPasses(SMALL_STORE, size, options);
  const world = await openExchangeWorld(size.stored, options.say);
  try {
    const worker = await world.startWorker();
    const emptyMs = size.emptyPasses === 0 ? undefined : await emptyPassMs(worker, size.emptyPasses);
    const watch = watchCores([...world.helpers, worker.pid]);
    const changes = await measureChanges(world, worker, size, options);
    const files = await measureFiles(world, worker, size, options);
    const [coresLeft, peakMb] = [watch.coresLeft(), worker.peakMb()];
    const mixed = size.imported === 0 ? undefined : await measureMixed(world, worker, size.imported);
    await worker.stop();
    const emptyRatio = empty === undefined || emptyMs === undefined ? undefined : emptyMs / empty;
    return {
      durability: `${world.open.durability}; files fsync; province sqlite synchronous=FULL`,
      figures: {
        ...{ stored: size.stored, backlog: size.backlog, coresLeft, ...changes.figures, ...files.figures, peakMb },
        ...(emptyMs === undefined ? {} : { emptyPassMs: emptyMs, emptyPassMsOf10000: empty ?? Number.NaN }),
        ...(mixed?.figures ?? {}),
      },
      ratios: {
        ...{ ...changes.ratios, ...files.ratios },
        ...(emptyRatio === undefined ? {} : { emptyPassRatio: emptyRatio }),
        ...(mixed ? { mixedP99Ratio: mixed.ratio } : {}),
      },
      floors: floorsOf(changes.figures.changesPerSec, files.figures.filesPerSec, peakMb, emptyRatio, mixed?.ratio),
    };
  } finally {
    await world.close();
  }
}

function floorsOf(
  changes: number,
  files: number,
  peakMb: number,
  empty: number | undefined,
  mixed: number | undefined,
): Floor[] {
  return [
    atLeast('changesPerSec', FLOORS.changesPerSec, changes),
    atLeast('filesPerSec', FLOORS.filesPerSec, files),
    atMost('peakMb', FLOORS.peakMb, peakMb),
    ...(empty === undefined ? [] : [atMost('emptyPassRatio', FLOORS.emptyPassRatio, empty)]),
    ...(mixed === undefined ? [] : [atMost('mixedP99Ratio', FLOORS.mixedP99Ratio, mixed)]),
  ];
}

async function measureEmptyPasses(stored: number, { emptyPasses }: Size, { say }: BenchOptions): Promise<number> {
  const world = await openExchangeWorld(stored, say);
  try {
    const worker = await world.startWorker();
    const ms = await emptyPassMs(worker, emptyPasses);
    await worker.stop();
    return ms;
  } finally {
    await world.close();
  }
}

/** Median, after one that warms up. */
async function emptyPassMs(worker: WorkerProcess, passes: number): Promise<number> {
  const samples: number[] = [];
  for (let pass = 0; pass <= passes; pass += 1) {
    const { ms } = await worker.ask<Worked>('pass');
    if (pass > 0) samples.push(ms);
  }
  return median(samples);
}

/** Beside the worker that goes through a sheet of so many licences. */
async function measureMixed({ open: { house } }: ExchangeWorld, worker: WorkerProcess, rows: number) {
  const importId = await handInSheet(house, rows);
  return measureMixedLoad(house, rows, async () => {
    await worker.ask('import');
    await requireImported(house, importId, rows);
  });
}

/** First the backlog in one go, then rounds against the bare copy. */
async function measureChanges(world: ExchangeWorld, worker: WorkerProcess, size: Size, { say }: BenchOptions) {
  const drain = async (count: number) => {
    const after = await lastRow(world.department, 'zk_licence');
    await pushChanges(world, 0, count);
    const startedAt = new Date();
    const worked = requireAll(await worker.ask<Worked>('pass'), count);
    await requireReceipts(world, after, count);
    return { worked, startedAt, after, perSec: (1000 * count) / worked.ms };
  };
  await drain(WARM_UP.changes);
  const backlog = await drain(size.backlog);
  const latencies = await latenciesMs(world, backlog.startedAt);
  say(
    `${size.backlog} changes: ${backlog.perSec.toFixed(0)}/s, ${(backlog.worked.cpuMs / size.backlog).toFixed(2)} ms CPU of the worker each`,
  );
  const rounds = [];
  for (let i = 1; i <= ROUNDS; i += 1) {
    const { perSec, after } = await drain(size.changes);
    const bare = await bareCopy(world, 'zk_licence', after, ROWS_AT_ONCE);
    rounds.push({ perSec, bare: bare.perSec });
    say(`round ${i}: ${perSec.toFixed(0)} changes/s, bare copy ${bare.perSec.toFixed(0)} rows/s`);
  }
  return {
    figures: {
      changesPerSec: backlog.perSec,
      roundChangesPerSec: median(rounds.map(({ perSec }) => perSec)),
      bareCopyChangesPerSec: median(rounds.map(({ bare }) => bare)),
      workerCpuMsPerChange: backlog.worked.cpuMs / size.backlog,
      changeP50Ms: quantile(latencies, 0.5),
      changeP99Ms: quantile(latencies, 0.99),
    },
    ratios: { bareCopyToChanges: median(rounds.map(({ perSec, bare }) => bare / perSec)) },
  };
}

async function measureFiles(world: ExchangeWorld, worker: WorkerProcess, size: Size, { say }: BenchOptions) {
  let made = 0;
  const prepare = async (count: number) => {
    const sealed = await sealLicences(world, made, count);
    made += count;
    return sealed;
  };
  await pushSealed(world, await prepare(WARM_UP.files));
  requireAll(await worker.ask<Worked>('pass'), WARM_UP.files);
  const rounds = [];
  const latencies: number[] = [];
  for (let i = 1; i <= ROUNDS; i += 1) {
    const sealed = await prepare(size.files);
    const after = await lastRow(world.department, 'zk_file');
    await pushSealed(world, sealed);
    const startedAt = new Date();
    const { ms } = requireAll(await worker.ask<Worked>('pass'), size.files);
    latencies.push(...(await latenciesMs(world, startedAt)));
    const bare = await bareCopy(world, 'zk_file', after, FILES_AT_ONCE);
    rounds.push({ perSec: (1000 * size.files) / ms, bare: bare.perSec });
    say(`round ${i}: ${((1000 * size.files) / ms).toFixed(0)} files/s, bare copy ${bare.perSec.toFixed(0)}/s`);
  }
  return {
    figures: {
      filesPerSec: median(rounds.map(({ perSec }) => perSec)),
      bareCopyFilesPerSec: median(rounds.map(({ bare }) => bare)),
      fileP50Ms: quantile(latencies, 0.5),
      fileP99Ms: quantile(latencies, 0.99),
    },
    ratios: { bareCopyToFiles: median(rounds.map(({ perSec, bare }) => bare / perSec)) },
  };
}

function requireAll(worked: Worked, count: number): Worked {
  const { accepted, refused, sent, error } = worked;
  if (accepted !== count || refused > 0 || sent < count || error !== null)
    throw new Error(
      `of ${count} rows ${accepted} were accepted, ${refused} refused, ${sent} confirmed; ${error ?? ''}`,
    );
  return worked;
}

async function lastRow(department: mysql.Connection, table: string): Promise<number> {
  const [rows] = await department.query<mysql.RowDataPacket[]>(`SELECT MAX(row_id) AS last FROM ${table}`);
  return Number(rows[0]?.last ?? 0);
}

/** Every row answered in the department's database, counted there. */
async function requireReceipts({ department }: ExchangeWorld, after: number, count: number): Promise<void> {
  const [rows] = await department.query<mysql.RowDataPacket[]>(
    'SELECT COUNT(*) AS answered FROM zk_licence WHERE row_id > ? AND state = 2 AND receipt_at IS NOT NULL',
    [after],
  );
  if (Number(rows[0]?.answered) !== count) throw new Error(`${rows[0]?.answered} of ${count} rows have a receipt`);
}

/** From the moment all rows lay there to the province's receipt of each, as the city has recorded it. */
async function latenciesMs({ city }: ExchangeWorld, startedAt: Date): Promise<number[]> {
  const [rows] = await city.query<mysql.RowDataPacket[]>(
    "SELECT updated_at FROM province_states WHERE state = 'acknowledged' AND updated_at >= ?",
    [startedAt],
  );
  return rows.map((row) => (row.updated_at as Date).getTime() - startedAt.getTime());
}
