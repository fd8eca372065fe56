/** Sealing in worker threads, so that the event loop stays free. Keys reach a worker as values and stay in its memory only
 *  while it works. */
import { Piscina } from 'piscina';
import { fileURLToPath } from 'node:url';
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
    filename: fileURLToPath(new URL(fromSource ? 'sealing-worker.ts' : 'sealing-worker.js', import.meta.url)),
    name: 'seal',
    workerData,
    minThreads: threads,
    maxThreads: threads,
    ...(fromSource ? { execArgv: ['--import', import.meta.resolve('tsx')] } : {}),
  });
  return {
    seal: (task) => pool.run(task),
    close: () => pool.destroy(),
  };
}
