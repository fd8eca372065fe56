import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeVerificationPool } from '../../../models/verification/verification-pool.ts';
import { makeVerifierHere } from '../../../models/verification/verify-here.ts';
import { verifyFiles } from '../../../server/cli/verify-files.ts';
import { DEFAULT_RULES, type ReportDocument } from '../../../signing/index.ts';
import { LATER, makeOffice } from '../../signing/ofd/sealed-package.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

describe('zhengku verify', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);
  const at = ['--at', LATER.toISOString()];

  async function verify(...argv: string[]) {
    const said = { out: '', err: '' };
    const open = (jobs: number) => (jobs > 1 ? makeVerificationPool({ threads: jobs }) : makeVerifierHere());
    const note = (voice: 'out' | 'err') => (text: string) => {
      said[voice] += text;
    };
    const status = await verifyFiles(argv, open, { out: note('out'), err: note('err') });
    return { status, ...said };
  }

  before(async () => {
    const office = await makeOffice();
    writeFileSync(path('good.ofd'), await office.press());
    writeFileSync(path('bad.ofd'), 'nothing');
    for (const [name, certificates] of [
      ['trust', office.policy.certificates ?? []],
      ['makers', [office.maker.certificate]],
      ['strangers', [office.signer.certificate]],
    ] as const) {
      mkdirSync(path(name));
      for (const [index, der] of certificates.entries()) writeFileSync(join(path(name), `${index}.der`), der);
    }
    writeFileSync(path('own.json'), JSON.stringify({ ...DEFAULT_RULES, name: 'own', version: 3 }));
    writeFileSync(
      path('wrong.json'),
      JSON.stringify({ ...DEFAULT_RULES, name: 'own', outcomes: { DIGEST_MISMATCH: 'warned' } }),
    );
  });

  after(() => folder.remove());

  const reports = (text: string) => JSON.parse(text) as readonly ReportDocument[];

  it('answers the same in the same order with several jobs', async () => {
    const argv = [
      path('good.ofd'),
      path('bad.ofd'),
      path('missing.ofd'),
      path('good.ofd'),
      '--trust',
      path('trust'),
      ...at,
      '--json',
    ];
    const one = await verify(...argv);
    const two = await verify(...argv, '--jobs', '2');
    expect(two).to.deep.equal(one);
    expect(reports(one.out).map(({ verdict }) => verdict)).to.deep.equal(['valid', 'not-valid', 'valid']);
    expect(one.status).to.equal(2);
    expect(one.err).to.include('missing.ofd');
  });

  it('takes rules by name and from a file, and refuses those that relax too much', async () => {
    const judge = (rules: string) =>
      verify(path('good.ofd'), '--trust', path('trust'), ...at, '--rules', rules, '--json');
    expect(reports((await judge('strict')).out)[0]).to.deep.include({
      valid: false,
      rules: { name: 'strict', version: 1 },
    });
    expect(reports((await judge(path('own.json'))).out)[0]).to.deep.include({
      valid: true,
      rules: { name: 'own', version: 3 },
    });
    const wrong = await judge(path('wrong.json'));
    expect([wrong.status, wrong.out]).to.deep.equal([2, '[]\n']);
    expect(wrong.err).to.include('/outcomes/DIGEST_MISMATCH').and.include('never be relaxed');
  });

  it('judges the makers of seals by the list of accepted ones', async () => {
    const judge = (makers: string) =>
      verify(path('good.ofd'), '--trust', path('trust'), ...at, '--makers', path(makers), '--json');
    expect((await judge('makers')).status).to.equal(0);
    const refused = await judge('strangers');
    expect(refused.status).to.equal(1);
    expect(refused.out).to.include('SEAL_MAKER_NOT_ACCEPTED');
  });

  it('writes the array and the page to print to files', async () => {
    const { out } = await verify(
      path('good.ofd'),
      ...at,
      '--json',
      '--out',
      path('out.json'),
      '--html',
      path('out.html'),
    );
    expect(readFileSync(path('out.json'), 'utf8')).to.equal(out);
    expect(readFileSync(path('out.html'), 'utf8'))
      .to.match(/^<!doctype html>/)
      .and.include('good.ofd');
    expect((await verify(path('good.ofd'), path('bad.ofd'), '--html', path('x.html'))).status).to.equal(2);
    expect((await verify(path('good.ofd'), ...at, '--out', path('no/such/folder'))).status).to.equal(2);
  });

  it('says in words what it found, and what it could not judge', async () => {
    const { out } = await verify(path('good.ofd'), ...at);
    expect(out).to.include('good.ofd: 完好，未判断信任 intact; trust not judged').and.include('TRUST_NOT_GIVEN');
    expect(out).to.not.include('有效 valid');
    expect((await verify(path('good.ofd'), '--trust', path('trust'), ...at)).out).to.include('good.ofd: 有效 valid\n');
    expect((await verify(path('bad.ofd'), ...at)).out).to.include('bad.ofd: 无效 not valid\n');
  });

  it('ends with 0 for an intact file though nobody said whom to trust, and says so in its help', async () => {
    const intact = await verify(path('good.ofd'), ...at, '--json');
    expect([intact.status, reports(intact.out)[0]?.trusted]).to.deep.equal([0, null]);
    expect((await verify('--help')).out).to.include('trust not judged');
  });

  it('names what is wrong with the usage', async () => {
    for (const [argv, fault] of [
      [[], 'no file is given'],
      [[path('good.ofd'), '--at', 'garbage'], '--at "garbage"'],
      [[path('good.ofd'), '--at', '2026-02-31'], '--at "2026-02-31"'],
      [[path('good.ofd'), '--at', '2026-02-30T10:00:00+08:00'], '--at "2026-02-30T10:00:00+08:00"'],
      [[path('good.ofd'), '--jobs', '0'], '--jobs "0"'],
      [[path('good.ofd'), path('good.ofd'), '--html', path('x.html')], '--html'],
    ] as const) {
      const { status, out, err } = await verify(...argv);
      expect([status, out], argv.join(' ')).to.deep.equal([2, '']);
      expect(err).to.match(/^zhengku verify: /);
      expect(err.split('\n')[0]).to.include(fault);
    }
    for (const moment of ['2026-06-03', '2026-06-03T10:00:00+08:00', '2026-06-03T10:00:00.123Z', '2028-02-29'])
      expect((await verify(path('good.ofd'), '--at', moment)).status, moment).to.equal(0);
  });

  it('reads regular files only, whatever a path leads to', async () => {
    for (const jobs of ['1', '2']) {
      const { status, err } = await verify('/dev/zero', folder.path, path('good.ofd'), ...at, '--jobs', jobs);
      expect(status).to.equal(2);
      expect(err).to.include('/dev/zero: not a regular file').and.include(`${folder.path}: not a regular file`);
    }
    // a regular file that says it is empty and is not
    if (existsSync('/proc/self/status')) expect((await verify('/proc/self/status', '--json')).err).to.equal('');
  });

  it('follows links of the trust folder to files, and names one that leads nowhere', async () => {
    mkdirSync(path('linked'));
    for (const name of readdirSync(path('trust'))) symlinkSync(join(path('trust'), name), join(path('linked'), name));
    symlinkSync(path('trust'), join(path('linked'), 'folder'));
    const judge = () => verify(path('good.ofd'), '--trust', path('linked'), ...at, '--json');
    expect(reports((await judge()).out)[0]).to.include({ valid: true, trusted: true });
    symlinkSync(path('nowhere'), join(path('linked'), 'lost.pem'));
    const lost = await judge();
    expect([lost.status, lost.err.includes('lost.pem')]).to.deep.equal([2, true]);
  });

  it('says of a name that is not UTF-8 that it cannot be opened, and writes no name that moves the terminal', async () => {
    const lost = await verify(path('caf\ufffd.ofd'));
    expect(lost.status).to.equal(2);
    expect(lost.err).to.include('caf\\u{fffd}.ofd: the name is not UTF-8');
    const moving = await verify(path('a\u001b[2Jb.ofd'));
    expect(moving.err).to.include('a\\u{1b}[2Jb.ofd').and.not.include('\u001b');
  });
});
