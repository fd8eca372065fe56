/** Sealing in worker threads, so that the event loop stays free; the counter goes before bulk. Keys that are here reach a worker as values; those that lie
 *  outside, seal services and time-stamps through a port of the task's own. */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { ImprintHash, KeyMaterial } from '../../signing/index.ts';
import { Fault } from '../kernel/fault.ts';
import { LaneGate } from '../kernel/lane-gate.ts';
import { answerAsked } from './ask-outside.ts';
import { NOBODY_OUTSIDE } from './make-files.ts';
import type { Outside } from './outside.ts';
import type { OutsideSeal, Sealer, SealingTask } from './sealer.ts';
import type { Ported, ThreadAnswer } from './sealing.worker.ts';

export interface SealingPoolOptions {
  readonly fontDir: string;
  readonly extraFontDirs: readonly string[];
  readonly threads: number;
  readonly outside?: Outside;
}

const TASKS_A_THREAD = 2;

/** From the sources the worker is TypeScript and needs the loader; built, it is plain JavaScript. */
const fromSource = import.meta.url.endsWith('.ts');

export function makeSealingPool(options: SealingPoolOptions): Sealer {
  const { threads, fontDir, extraFontDirs, outside = NOBODY_OUTSIDE } = options;
  const hashes = Object.keys(outside.stamp) as ImprintHash[];
  const pool = new Piscina({
    filename: fileURLToPath(new URL(fromSource ? 'sealing.worker.ts' : 'sealing.worker.js', import.meta.url)),
    // what a thread looks for as it starts; each task names its own
    name: 'seal',
    workerData: { fontDir, extraFontDirs, hashes },
    // Much is made and dropped for every licence: a larger nursery is swept half as often.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
    minThreads: threads,
    maxThreads: threads,
    // While one task waits for a signature of the RSA key, which is made in a thread of its own, another goes on.
    concurrentTasksPerWorker: TASKS_A_THREAD,
    ...(fromSource
      ? { execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] }
      : {}),
  });
  // What waits does so here, by lane; one place of the threads is always the counter's.
  const places = threads * TASKS_A_THREAD;
  const gate = new LaneGate({ places, bulkPlaces: places - 1 });
  const run = <T, R>(name: string, task: T, asks: boolean): Promise<R> =>
    gate.run(() => (asks ? runAsking<T, R>(pool, name, task, outside) : runHere<T, R>(pool, name, task)));
  return {
    seal: (task) => run('seal', task, hashes.length > 0 || asksOutside(task)),
    copy: (task) => run('copy', task, task.signer.kind !== 'software'),
    print: (task) => run('print', task, false),
    preview: (task) => run('preview', task, false),
    close: () => pool.destroy(),
  };
}

function asksOutside({ seal, outer }: SealingTask): boolean {
  const signers: (KeyMaterial | OutsideSeal | undefined)[] = [seal.sm2, seal.rsa, outer?.signer];
  return signers.some((signer) => signer !== undefined && signer.kind !== 'software');
}

async function runHere<T, R>(pool: Piscina, name: string, task: T): Promise<R> {
  const ported: Ported<T> = { task };
  return unwrap((await pool.run(ported, { name })) as ThreadAnswer<R>);
}

function unwrap<R>(answer: ThreadAnswer<R>): R {
  if (!('fault' in answer)) return answer.made;
  const { code, detail } = answer.fault;
  throw new Fault(code, detail === undefined ? {} : { detail });
}

/** A fault outside is thrown as itself, with its code. */
async function runAsking<T, R>(pool: Piscina, name: string, task: T, outside: Outside): Promise<R> {
  const { port1, port2 } = new MessageChannel();
  let fault: unknown;
  answerAsked(port1, outside, (first) => {
    fault ??= first;
  });
  const ported: Ported<T> = { task, port: port2 };
  try {
    return unwrap((await pool.run(ported, { name, transferList: [port2] })) as ThreadAnswer<R>);
  } catch (error) {
    throw fault ?? error;
  } finally {
    port1.close();
  }
}
