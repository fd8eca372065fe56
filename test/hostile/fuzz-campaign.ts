/** Fuzzes the readers of the product, guided by coverage: `npm run campaign:fuzz -- [--reader NAME] [--seconds N] [--seed S]
 *  [--keep]`. Two readers at a time, each in a thread of its own with bounds of time and memory. A finding is written into
 *  test/hostile/fuzz/corpus/<reader>/ and ends in exit status 1; `--keep` also keeps the smallest inputs that reached new code. */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { keep } from './fuzz/corpus-folder.ts';
import type { Found, Progress } from './fuzz/explore.ts';
import { READER_NAMES, type ReaderName } from './fuzz/readers.ts';
import type { FuzzTask } from './fuzz-worker.ts';

const ROOM_BYTES = 256 * 1024;
const MOST_MEGABYTES = 384;
/** Far more than any input may take, so that a busy machine is no finding. */
const HANGS_MS = 15_000;
const KEPT_AT_MOST = 12;
const KEPT_BYTES = 4096;

export interface FuzzReport extends Progress {
  readonly reader: ReaderName;
  readonly seed: number;
  readonly seconds: number;
}

/** @throws never for what the reader does: a thread that dies or hangs is a finding */
export function fuzzReader(reader: ReaderName, seed: number, seconds: number): Promise<FuzzReport> {
  const shared = new SharedArrayBuffer(8 + ROOM_BYTES);
  const head = new Int32Array(shared, 0, 2);
  const workerData: FuzzTask = { reader, seed, milliseconds: seconds * 1000, shared };
  // a thread cannot begin with TypeScript: it begins with the loader
  const [loader, file] = [import.meta.resolve('tsx/esm/api'), new URL('fuzz-worker.ts', import.meta.url).href];
  const entry = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(file)});`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(entry)}`), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  return new Promise((resolve) => {
    const finish = (progress: Progress): void => {
      clearInterval(watch);
      resolve({ reader, seed, seconds, ...progress });
    };
    const died = (finding: string): void => {
      const bytes = Uint8Array.from(new Uint8Array(shared, 8, Atomics.load(head, 1)));
      finish({ executions: Atomics.load(head, 0), known: 0, blocks: 0, findings: [{ finding, bytes }], reached: [] });
    };
    let last = { executions: 0, at: performance.now() };
    const watch = setInterval(() => {
      const executions = Atomics.load(head, 0);
      if (executions !== last.executions) last = { executions, at: performance.now() };
      if (executions === 0 || performance.now() - last.at < HANGS_MS) return;
      void worker.terminate();
      died(`takes longer than ${HANGS_MS} ms`);
    }, 500);
    worker.once('message', finish);
    worker.once('error', (error) => died(error.stack ?? String(error)));
  });
}

function keepAll(reader: ReaderName, findings: readonly Found[]): void {
  for (const { finding, bytes } of findings) {
    process.stderr.write(`${reader}: ${finding}\n  kept as ${keep(reader, 'finding', bytes)}\n`);
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      reader: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
    },
  });
  const wanted = READER_NAMES.filter((name) => values.reader?.includes(name) ?? true);
  if (wanted.length < (values.reader?.length ?? 1)) {
    process.stderr.write(
      `npm run campaign:fuzz -- [--reader ${READER_NAMES.join('|')}]… [--seconds N] [--seed S] [--keep]\n`,
    );
    return 2;
  }
  let wrong = 0;
  const pending = [...wanted];
  const next = async (): Promise<void> => {
    for (let reader = pending.shift(); reader !== undefined; reader = pending.shift()) {
      const { reached, findings, ...report } = await fuzzReader(reader, Number(values.seed), Number(values.seconds));
      process.stdout.write(`${JSON.stringify({ ...report, findings: findings.length })}\n`);
      keepAll(reader, findings);
      wrong += findings.length;
      const small = reached.filter(({ length }) => length <= KEPT_BYTES).slice(-KEPT_AT_MOST);
      if (values.keep) for (const bytes of small) keep(reader, 'reached', bytes);
    }
  };
  await Promise.all([next(), next()]);
  return wrong === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
