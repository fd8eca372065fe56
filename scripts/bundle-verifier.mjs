/** Makes dist/zhengku-verify.mjs: the verifier in one file that asks for nothing but Node: no install, no network.
 *  `node scripts/bundle-verifier.mjs [FILE]` writes it elsewhere. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = process.argv[2] ?? join(root, 'dist', 'zhengku-verify.mjs');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The libraries that the verifier may carry along. */
const CARRIED = new Set(['@noble/curves', '@noble/hashes', 'saxes', 'xmlchars']);

/** Our own rooms do nothing by being entered: what is not used of a door stays outside, with all the libraries behind it.
 *  A library that is neither carried nor left outside in this way is found below. */
const quietRooms = {
  name: 'quiet-rooms',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, (args) => {
      if (args.kind === 'entry-point' || args.resolveDir.includes('node_modules')) return undefined;
      return { path: join(args.resolveDir, args.path), sideEffects: false };
    });
    onResolve({ filter: /^[@a-z]/ }, ({ path, resolveDir }) => {
      const [, name] = /^((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
      const own = path.startsWith('node:') || CARRIED.has(name) || resolveDir.includes('node_modules');
      return own ? undefined : { path, external: true, sideEffects: false };
    });
  },
};

const { metafile } = await build({
  entryPoints: [join(root, 'scripts', 'verifier-main.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  keepNames: true,
  legalComments: 'inline',
  charset: 'utf8',
  banner: { js: `#!/usr/bin/env node\n// zhengku-verify ${version} (Apache-2.0). See docs/verification.md.` },
  plugins: [quietRooms],
  metafile: true,
  logLevel: 'warning',
});

const [output] = Object.values(metafile.outputs);
const foreign = output.imports.filter(
  ({ path, external }) => external && !path.startsWith('node:') && !builtinModules.includes(path),
);
if (foreign.length > 0) {
  console.error(`bundle-verifier: asks for ${foreign.map(({ path }) => path).join(', ')}`);
  process.exit(1);
}
const libraries = new Set(
  Object.keys(output.inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
console.log(`${outfile}: ${output.bytes} bytes; libraries inside: ${[...libraries].join(', ') || 'none'}`);
