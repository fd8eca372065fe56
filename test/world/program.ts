/** The program that tests start in processes of its own. In a run of the tests it is made from the sources once, into the run's
 *  folder, types stripped and nothing else: a start then costs half of what it does through tsx, and no dist/ of another day is
 *  ever the one that is tested. Outside such a run (campaigns) it is the program file of this checkout. */
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { runFolder } from './run-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FLOORS = ['signing', 'models', 'exchange', 'jobs', 'server'];

/** Every import stays an import, under the name that the file has when it is made. */
const everyFileByItself: Plugin = {
  name: 'every file by itself',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'entry-point'
        ? undefined
        : { path: path.startsWith('.') ? path.replace(/\.ts$/, '.js') : path, external: true },
    );
  },
};

/** The path of the program file, for `node`. */
export const PROGRAM = join(await findRoot(), 'bin', 'zhengku.mjs');

async function findRoot(): Promise<string> {
  const folder = runFolder();
  if (folder === undefined) return ROOT;
  const place = join(folder, 'program');
  if (existsSync(place)) return place;
  const making = mkdtempSync(join(folder, 'program-'));
  await make(making);
  try {
    renameSync(making, place);
  } catch (error) {
    // the other process of this run was quicker
    if (!existsSync(place)) throw error;
    rmSync(making, { recursive: true });
  }
  return place;
}

async function make(folder: string): Promise<void> {
  const files = FLOORS.flatMap((floor) =>
    readdirSync(join(ROOT, floor), { recursive: true, encoding: 'utf8', withFileTypes: true }),
  )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
  const isSource = (file: string) => extname(file) === '.ts';
  await build({
    ...{ absWorkingDir: ROOT, entryPoints: files.filter(isSource), outbase: ROOT, outdir: join(folder, 'dist') },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20', plugins: [everyFileByItself] },
  });
  for (const file of files) if (!isSource(file)) cpSync(join(ROOT, file), join(folder, 'dist', file));
  for (const file of ['bin', 'package.json']) cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  for (const name of ['node_modules', 'assets']) symlinkSync(join(ROOT, name), join(folder, name));
}
