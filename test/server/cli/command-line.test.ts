import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { loadTrust } from '../../../models/verification/trust.ts';
import { PROGRAM } from '../../world/program.ts';
import { clerk, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

function zhengku(argv: readonly string[], env: Record<string, string> = {}) {
  const result = spawnSync(process.execPath, [PROGRAM, ...argv], { env: { ...process.env, ...env }, encoding: 'utf8' });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

interface Judged {
  readonly file: string;
  readonly signed: boolean;
  readonly valid: boolean;
  readonly trusted: boolean | null;
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly code?: string }[];
}

describe('the command line', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);

  before(async () => {
    const house = await openFurnishedHouse();
    const { licenceId } = await submitLicence(house, clerk, SUBMISSION, { source: 'api' });
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    const { files } = await sealLicence(house, sealKeeper, licenceId);
    for (const { format, sm3 } of files) writeFileSync(path(`good.${format}`), await house.blobs.get(sm3));
    const altered = readFileSync(path('good.ofd'));
    altered[altered.length >> 1] = (altered[altered.length >> 1] ?? 0) ^ 1;
    writeFileSync(path('altered.ofd'), altered);
    writeFileSync(path('not-a-licence.pdf'), 'hello');
    const trust = await loadTrust(house);
    for (const [index, der] of trust.entries()) writeFileSync(path(`trust-${index}.der`), der);
    await house.close();
  });

  after(() => folder.remove());

  it('lists its verbs, and knows no others', () => {
    expect(zhengku(['--help'])).to.include({ status: 0 });
    const unknown = zhengku(['frobnicate']);
    expect(unknown.status).to.equal(2);
    expect(unknown.err).to.include('frobnicate');
  });

  it('refuses to start with wrong settings, naming all of them, exit status 2', () => {
    const { status, err } = zhengku(['serve'], { ZHENGKU_PORT: 'x', ZHENGKU_MODE: 'y', ZHENGKU_LOG_LEVEL: 'z' });
    expect(status).to.equal(2);
    for (const name of ['ZHENGKU_PORT', 'ZHENGKU_MODE', 'ZHENGKU_LOG_LEVEL']) expect(err).to.include(name);
  });

  it('verifies genuine files, exit status 0; trust is not judged without anchors', () => {
    const { status, out } = zhengku([
      'verify',
      path('good.ofd'),
      path('good.pdf'),
      '--at',
      '2026-03-03T00:00:00Z',
      '--json',
    ]);
    const judged = JSON.parse(out) as Judged[];
    expect(judged.map(({ signed, valid, trusted }) => ({ signed, valid, trusted }))).to.deep.equal([
      { signed: true, valid: true, trusted: null },
      { signed: true, valid: true, trusted: null },
    ]);
    expect(status).to.equal(0);
  });

  it('goes on after a file that cannot be parsed, exit status 1', () => {
    const files = ['not-a-licence.pdf', 'altered.ofd', 'good.ofd'].map(path);
    const { status, out } = zhengku(['verify', ...files, '--at', '2026-03-03T00:00:00Z', '--json']);
    const judged = JSON.parse(out) as Judged[];
    expect(judged.map(({ valid }) => valid)).to.deep.equal([false, false, true]);
    expect(judged[0]?.checks.some(({ name, outcome }) => name === 'structure' && outcome === 'failed')).to.equal(true);
    expect(status).to.equal(1);
  });

  it('ends with status 2 for a path that cannot be read, after judging the rest', () => {
    const { status, out, err } = zhengku([
      'verify',
      path('good.ofd'),
      path('missing.ofd'),
      '--at',
      '2026-03-03T00:00:00Z',
      '--json',
    ]);
    expect((JSON.parse(out) as Judged[]).map(({ valid }) => valid)).to.deep.equal([true]);
    expect(err).to.include('missing.ofd');
    expect(status).to.equal(2);
    expect(zhengku(['verify']).status).to.equal(2);
  });

  it('takes no file for a revocation list or a certificate that is none: it is named, exit status 2', () => {
    const trust = path('trust');
    mkdirSync(trust);
    copyFileSync(path('trust-0.der'), join(trust, 'anchor.der'));
    writeFileSync(join(trust, 'notes.txt'), '-----BEGIN NOTES-----');
    const given = ['verify', path('good.ofd'), '--at', '2026-03-03T00:00:00Z', '--json'];
    for (const wrong of [path('not-a-licence.pdf'), path('trust-0.der'), path('good.ofd')]) {
      const { status, out, err } = zhengku([...given, '--crl', wrong]);
      expect({ status, out }).to.deep.equal({ status: 2, out: '[]\n' });
      expect(err).to.include(wrong).and.include('not a certificate revocation list');
    }
    const faulty = zhengku([...given, '--trust', trust]);
    expect(faulty.status).to.equal(2);
    expect(faulty.err).to.include('notes.txt').and.not.include('anchor.der');
    unlinkSync(join(trust, 'notes.txt'));
    expect(zhengku([...given, '--trust', trust]).status).to.be.oneOf([0, 1]);
  });
});
