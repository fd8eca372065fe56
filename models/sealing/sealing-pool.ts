/** Sealing in worker threads, so that the event loop stays free. Keys reach a worker as values. */

import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { SealedFiles, Sealer, SealingTask } from './sealer.ts';

export interface SealingPoolOptions {
  readonly fontDir: string;
  readonly extraFontDirs: readonly string[];
  readonly threads: number;
}

/** From the sources the worker is TypeScript and needs the loader; built, it is plain JavaScript. */
const fromSource = import.meta.url.endsWith('.ts');

export function makeSealingPool({ threads, ...workerData }: SealingPoolOptions): Sealer {
  const pool = new Piscina<SealingTask, SealedFiles>({
    filename: fileURLToPath(new URL(fromSource ? 'sealing.worker.ts' : 'sealing.worker.js', import.meta.url)),
    name: 'seal',
    workerData,
    // Much is made and dropped for every licence: a larger nursery is swept half as often.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
    minThreads: threads,
    maxThreads: threads,
    ...(fromSource ? { execArgv: ['--import', import.meta.resolve('tsx')] } : {}),
  });
  return {
    seal: (task) => pool.run(task),
    close: () => pool.destroy(),
  };
}
