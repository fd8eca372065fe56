/** `zhengku bench`: measure. The benches live beside the tests, so they run from a source checkout only, in a process of
 *  their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEAP_GROWTH } from './heap-growth.ts';

const usage = `zhengku bench NAME [--json] [--quick] [--full]

  NAME     one of the benches, or all; a wrong name lists them
  --json   only the last line: one JSON object
  --quick  fewer rounds, within 60 s
  --full   more rounds, and every database engine must be there

Exit status 0: every floor held; 1: one did not; 2: usage, or not a source checkout.
`;

const UNUSABLE = 2;

export async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const file = findBenches();
  if (!file) {
    process.stderr.write('zhengku bench: benches need a source checkout (test/bench is not part of the package)\n');
    return UNUSABLE;
  }
  const args = [HEAP_GROWTH, '--import', import.meta.resolve('tsx'), file, ...argv];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status ?? 1;
}

/** From the sources this file lies in server/cli, built in dist/server/cli. */
function findBenches(): string | undefined {
  const places = ['../../test/bench/index.ts', '../../../test/bench/index.ts'];
  return places
    .map((place) => path.normalize(fileURLToPath(new URL(place, import.meta.url))))
    .find((file) => existsSync(file));
}
