/** What two sealing threads of one process do, against two processes that know nothing of each other: rendering, sealing as
 *  OFD and signing as PDF. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makeSealingPool } from '../../models/sealing/sealing-pool.ts';
import { HEAP_GROWTH } from '../../server/cli/heap-growth.ts';
import type { SigningMaterial } from './signing-material.ts';

const WORKERS = 2;
/** As at a busy counter: no thread ever waits for its next task. */
const IN_FLIGHT = 3 * WORKERS;

export interface ScalingBench {
  /** Milliseconds for `count` sealings, by the pool and by the processes. */
  measure(count: number): Promise<{ readonly poolMs: number; readonly processesMs: number }>;
  close(): Promise<void>;
}

export async function openScalingBench(material: SigningMaterial): Promise<ScalingBench> {
  const pool = makeSealingPool({ fontDir: 'assets/fonts', extraFontDirs: [], threads: WORKERS });
  const processes = await Promise.all(Array.from({ length: WORKERS }, startProcess));
  return {
    async measure(count) {
      return {
        poolMs: await timed(() => sealInPool(pool, material, count)),
        processesMs: await timed(() => Promise.all(processes.map((child) => sealIn(child, count / WORKERS)))),
      };
    },
    async close() {
      for (const child of processes) child.disconnect();
      await pool.close();
    },
  };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

async function sealInPool(pool: ReturnType<typeof makeSealingPool>, material: SigningMaterial, count: number) {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await pool.seal(material.nextTask());
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function startProcess(): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('./sealing-process.ts', import.meta.url));
  const child = fork(file, { execArgv: [HEAP_GROWTH, '--import', import.meta.resolve('tsx')] });
  await once(child, 'message');
  return child;
}

async function sealIn(child: ChildProcess, count: number): Promise<void> {
  const done = once(child, 'message');
  child.send(count);
  await done;
}
