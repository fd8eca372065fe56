/** The worker as it is shipped: JavaScript without a loader beside it, whose memory would be counted with its own. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Threads find their programs beside the one that starts them. */
const PROGRAMS = [
  'test/bench/exchange-worker.ts',
  'models/verification/verification.worker.ts',
  'models/sealing/sealing.worker.ts',
];

/** @returns the program to start */
export async function buildWorker(folder: string): Promise<string> {
  await build({
    entryPoints: PROGRAMS.map((file) => join(root, file)),
    entryNames: '[name]',
    outdir: join(folder, 'dist', 'worker'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['node_modules', 'assets']) symlinkSync(join(root, name), join(folder, name));
  return join(folder, 'dist', 'worker', 'exchange-worker.js');
}
