import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeSamples } from '../../signing/verify/judged-files.ts';
import { PROGRAM } from '../../world/program.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const MOST_BYTES = 400_000;

/** Loaded before the verifier: whatever would reach out ends the process. */
const GUARD = `
import { createRequire, syncBuiltinESMExports } from 'node:module';
const require = createRequire(import.meta.url);
const refuse = (name) => () => { process.stderr.write('reached out: ' + name); process.exit(99); };
for (const [module, names] of [['net', ['connect', 'createConnection']], ['tls', ['connect']], ['dns', ['lookup', 'resolve']],
  ['dgram', ['createSocket']], ['http', ['request', 'get']], ['https', ['request', 'get']]]) {
  for (const name of names) require('node:' + module)[name] = refuse(module + '.' + name);
}
syncBuiltinESMExports();
globalThis.fetch = refuse('fetch');
`;

describe('the verifier in one file', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const alone = temporaryFolder();
  const path = (name: string) => join(folder.path, name);
  const bundle = join(alone.path, 'zhengku-verify.mjs');
  const names: string[] = [];

  /** In an empty folder, without environment, and without a network where the system lets us take it away. */
  function run(argv: readonly string[]) {
    const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0;
    const node = [process.execPath, '--import', path('guard.mjs'), bundle, ...argv];
    const [program = '', ...rest] = canUnshare ? ['unshare', '-rn', ...node] : node;
    const { status, stdout, stderr } = spawnSync(program, rest, {
      cwd: alone.path,
      env: { PATH: process.env.PATH },
      encoding: 'utf8',
    });
    return { status, out: stdout, err: stderr };
  }

  function zhengku(argv: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...argv], { encoding: 'utf8' });
    return { status, out: stdout, err: stderr };
  }

  before(async () => {
    const built = spawnSync(process.execPath, [join(root, 'scripts', 'bundle-verifier.mjs'), bundle], {
      encoding: 'utf8',
    });
    expect(built.status, built.stderr).to.equal(0);
    writeFileSync(path('guard.mjs'), GUARD);
    for (const { name, bytes } of await makeSamples()) {
      writeFileSync(path(name), bytes);
      names.push(path(name));
    }
  });

  after(() => {
    folder.remove();
    alone.remove();
  });

  it('asks for nothing but Node, and is small', () => {
    const text = readFileSync(bundle, 'utf8');
    const asked = [...text.matchAll(/(?:^|[;}\n])import\b[^"'();]*?["']([^"']+)["']/g)].map(([, name]) => name ?? '');
    expect(asked.length).to.be.greaterThan(1);
    for (const name of asked) expect(builtinModules, name).to.include(name.replace(/^node:/, ''));
    expect(statSync(bundle).size).to.be.lessThan(MOST_BYTES);
  });

  it('says of good and bad files exactly what zhengku verify says, without a network', () => {
    const argv = [...names, '--at', '2026-06-03T00:00:00Z', '--json'];
    for (const more of [[], ['--rules', 'strict'], ['--rules', 'archive']]) {
      const bundled = run([...argv, ...more]);
      const whole = zhengku(['verify', ...argv, ...more]);
      expect(bundled.err).to.equal('');
      expect(JSON.parse(bundled.out)).to.deep.equal(JSON.parse(whole.out));
      expect([bundled.status, whole.status]).to.deep.equal([1, 1]);
    }
    const sound = [path('good.ofd'), '--at', '2026-06-03T00:00:00Z'];
    expect(run(sound).status).to.equal(0);
  });

  it('refuses the same usage and the same paths', () => {
    for (const argv of [
      [],
      ['missing.ofd'],
      [path('good.ofd'), '--rules', 'lenient'],
      [path('good.ofd'), '--jobs', '0'],
    ]) {
      expect(run(argv).status, argv.join(' ')).to.equal(2);
    }
    expect(run(['--help'])).to.include({ status: 0, err: '' });
  });
});
