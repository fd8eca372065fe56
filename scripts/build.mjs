/** Makes dist/: the five floors as JavaScript with declarations, everything they read beside them, and the portal.
 *  Run twice it gives the same folder: dist/ is made anew each time. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const floors = ['signing', 'models', 'exchange', 'jobs', 'server'];
const portal = join(root, 'server', 'portal');

/** Run a program of a development package in this Node, and stop the build when it fails. */
function run(packageName, binFile, args, cwd) {
  const packageFile = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const result = spawnSync(process.execPath, [join(dirname(packageFile), binFile), ...args], { cwd, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error(`build: ${packageName} failed`);
    process.exit(result.status ?? 1);
  }
}

/** Pictures, templates, tables: whatever a floor reads that the compiler does not carry over. */
function copyBeside(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === portal) continue;
    if (entry.isDirectory()) copyBeside(path);
    else if (!['.ts', '.tsx', '.map'].includes(extname(entry.name))) cpSync(path, join(dist, relative(root, path)));
  }
}

rmSync(dist, { recursive: true, force: true });
run('typescript', 'bin/tsc', ['--project', 'tsconfig.build.json'], root);
for (const floor of floors) if (existsSync(join(root, floor))) copyBeside(join(root, floor));
if (['vite.config.ts', 'vite.config.mjs'].some((name) => existsSync(join(portal, name)))) {
  run('vite', 'bin/vite.js', ['build', '--outDir', join(dist, 'server', 'portal'), '--emptyOutDir'], portal);
}
