/** Verification in worker threads, so that the event loop stays free and a hostile file harms nobody: each file has a limit
 *  of time and its thread one of memory, and so much may wait and no more. */
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { type ReportDocument, reportUnexamined } from '../../signing/index.ts';
import { Fault } from '../kernel/fault.ts';
import { currentLane } from '../kernel/lane.ts';
import { type SharedMaterial, shareMaterial } from './share-material.ts';
import type { ThreadAnswer, ThreadTask } from './verification.worker.ts';
import { type TrustMaterial, UnreadablePath, type VerificationTask, type Verifier } from './verifier.ts';

export interface VerificationPoolOptions {
  readonly threads: number;
  /** For one file, from when a thread takes it up. Default 20 s. */
  readonly limitMs?: number;
  /** Of a thread's own heap. Default 512 MB. */
  readonly limitMb?: number;
  /** How many files may wait for a thread in a lane, and how many bytes they may be together. */
  readonly waitingFiles?: number;
  readonly waitingBytes?: number;
}

const LIMIT_MS = 20_000;
const LIMIT_MB = 512;
/** Files lie outside the heap; what is made of one for a moment is little, and each thread would keep the rest of its room. */
const YOUNG_MB = 12;
const WAITING_FILES = 64;
const WAITING_BYTES = 256 * 1024 * 1024;

const fromSource = import.meta.url.endsWith('.ts');

export function makeVerificationPool(options: VerificationPoolOptions): Verifier {
  const { threads, limitMs = LIMIT_MS, limitMb = LIMIT_MB } = options;
  const pool = new Piscina<ThreadTask, ThreadAnswer>({
    filename: fileURLToPath(new URL(fromSource ? 'verification.worker.ts' : 'verification.worker.js', import.meta.url)),
    name: 'judge',
    resourceLimits: { maxOldGenerationSizeMb: limitMb, maxYoungGenerationSizeMb: YOUNG_MB },
    minThreads: threads,
    maxThreads: threads,
    ...(fromSource
      ? { execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] }
      : {}),
  });
  const gate = makeGate(options);
  const shared = makeSharing();
  return {
    judge: (task) => gate(task, () => judgeWithin(pool, limitMs, task, shared(task.material))),
    close: () => pool.destroy(),
  };
}

type Gate = <T>(task: VerificationTask, run: () => Promise<T>) => Promise<T>;

/** Lets in as many tasks as there are threads, so that a file's time begins with its thread; the rest wait in the bounded line of
 *  their lane, the counter's before bulk. */
function makeGate({
  threads,
  waitingFiles = WAITING_FILES,
  waitingBytes = WAITING_BYTES,
}: VerificationPoolOptions): Gate {
  const lines = {
    counter: { waiting: [] as (() => void)[], held: 0 },
    bulk: { waiting: [] as (() => void)[], held: 0 },
  };
  let running = 0;
  return async (task, run) => {
    const size = typeof task.bytes === 'string' ? 0 : task.bytes.length;
    if (running >= threads) {
      const line = lines[currentLane()];
      if (line.waiting.length >= waitingFiles || line.held + size > waitingBytes) throw new Fault('VERIFIER_BUSY');
      line.held += size;
      // the one who leaves hands over its place: `running` stays as it is
      await new Promise<void>((resolve) => line.waiting.push(resolve));
      line.held -= size;
    } else running += 1;
    try {
      return await run();
    } finally {
      const next = lines.counter.waiting.shift() ?? lines.bulk.waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** The same material is packed once. */
function makeSharing(): (material: TrustMaterial) => SharedMaterial {
  const known = new WeakMap<TrustMaterial, SharedMaterial>();
  return (material) => {
    const packed = known.get(material) ?? shareMaterial(material);
    known.set(material, packed);
    return packed;
  };
}

type Pool = Piscina<ThreadTask, ThreadAnswer>;

async function judgeWithin(
  pool: Pool,
  limitMs: number,
  task: VerificationTask,
  material: SharedMaterial,
): Promise<ReportDocument> {
  const { bytes, at, file } = task;
  const own = typeof bytes === 'string' ? bytes : ownBuffer(bytes);
  const size = typeof own === 'string' ? 0 : own.length;
  const threadTask = { bytes: own, at, material, ...(file === undefined ? {} : { file }) };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limitMs);
  try {
    const transferList = typeof own === 'string' ? [] : [own.buffer];
    const answer = await pool.run(threadTask, { signal: stop.signal, transferList });
    if ('unreadable' in answer) throw new UnreadablePath(answer.unreadable);
    return answer;
  } catch (error) {
    // the thread is gone, and the bytes with it
    if (!stop.signal.aborted && !ranOutOfMemory(error)) throw error;
    const { certificates, rules } = task.material;
    const policy = { at, ...(certificates ? { certificates } : {}) };
    return reportUnexamined({ policy, rules, file }, typeof own === 'string' ? statSync(own).size : size);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes that may be given away: their memory is theirs alone. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return new Uint8Array(buffer);
  return Uint8Array.from(bytes);
}

function ranOutOfMemory(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
