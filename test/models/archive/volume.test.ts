import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { exportVolumes } from '../../../models/archive/export-volumes.ts';
import { openArchive } from '../../../models/archive/open-archive.ts';
import { houseCaller } from '../../../models/house.ts';
import { checkByCode } from '../../../models/licence/check-by-code.ts';
import { getPrint } from '../../../models/print/get-print.ts';
import { printLicence } from '../../../models/print/print-licence.ts';
import { loadTrust } from '../../../models/verification/trust.ts';
import { checkVolume } from '../../../signing/archive/check-volume.ts';
import { writeManifest } from '../../../signing/archive/manifest.ts';
import { checkVolumeFile } from '../../../signing/archive/read-volume.ts';
import { signManifest } from '../../../signing/archive/sign-manifest.ts';
import { readGmSignedData } from '../../../signing/ofd/read-gm-signed-data.ts';
import { DEFAULT_RULES } from '../../../signing/verify/rules.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { LATER } from '../../signing/ofd/sealed-package.ts';
import { makeSigningOffice } from '../../signing/ofd/signed-package.ts';
import { PROGRAM } from '../../world/program.ts';
import { requireProgram } from '../../world/programs.ts';
import { COMPANY, clerk, openFurnishedHouse } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne } from '../licence/issue-one.ts';
import { archive, bytesOf, window } from './archive-world.ts';

describe('an archive volume', function () {
  this.timeout(60_000);
  let house: TestHouse;
  let zip: Uint8Array;
  let files: ReadonlyMap<string, Uint8Array>;
  let trust: readonly Uint8Array[];
  const folder = temporaryFolder();
  const given = () => ({ policy: { at: house.clock(), certificates: trust }, rules: DEFAULT_RULES });
  const failures = (report: ReturnType<typeof checkVolume>) =>
    report.checks.filter(({ outcome }) => outcome === 'failed').map(({ name, code, where }) => ({ name, code, where }));
  const below = (path: string) => path.split('/').slice(1).join('/');

  before(async () => {
    house = await openFurnishedHouse();
    await issueOne(house);
    const { archiveId } = await archive(house, {});
    zip = await bytesOf(house, archiveId, 1);
    files = readPackage(zip).files;
    trust = await loadTrust(house);
    mkdirSync(join(folder.path, 'trust'));
    for (const [index, der] of trust.entries()) writeFileSync(join(folder.path, 'trust', `${index}.der`), der);
    writeFileSync(join(folder.path, 'volume.zip'), zip);
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      writeFileSync(join(folder.path, path), bytes);
    }
  });

  after(async () => {
    await house.close();
    folder.remove();
  });

  it('is valid, whole, trusted, and holds original, archive copy and metadata', () => {
    const report = checkVolumeFile(zip, given());
    expect(failures(report)).to.deep.equal([]);
    expect(report).to.include({ valid: true, trusted: true });
    const kinds = [...files.keys()].map((path) => path.split('/').slice(-2)[0]);
    expect(kinds.filter((kind) => kind === '原件')).to.have.length(2);
    expect(kinds.filter((kind) => kind === '存档副本')).to.have.length(1);
    const metadata = [...files].find(([path]) => path.endsWith('元数据.xml'))?.[1] ?? new Uint8Array();
    expect(Buffer.from(metadata).toString()).to.include(COMPANY).and.include('<有效>是</有效>').and.include('<审核>');
  });

  it('is judged by other programs too: its digests and its signature by openssl, its XML by xmllint', function () {
    const [openssl, xmllint] = [requireProgram(this, 'openssl'), requireProgram(this, 'xmllint')];
    const at = (name: string) => join(folder.path, name);
    const manifest = [...files].find(([path]) => path.endsWith('清单.sm3'))?.[1] ?? new Uint8Array();
    const [root = ''] = [...files.keys()].map((path) => path.split('/')[0]);
    const lines = Buffer.from(manifest).toString().trimEnd().split('\n');
    expect(lines).to.have.length(files.size - 2);
    for (const line of lines) {
      const [, digest = '', , path = ''] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
      expect(execFileSync(openssl, ['dgst', '-sm3', '-r', at(`${root}/${path}`)], { encoding: 'utf8' })).to.include(
        digest,
      );
      if (path.endsWith('.xml')) execFileSync(xmllint, ['--noout', '--nonet', at(`${root}/${path}`)]);
    }
    const value = [...files].find(([path]) => path.endsWith('.p7s'))?.[1] ?? new Uint8Array();
    const { certificate, content, signature } = readGmSignedData(value);
    writeFileSync(at('key.der'), certificate.publicKey);
    writeFileSync(at('content'), content ?? new Uint8Array());
    writeFileSync(at('signature'), signature);
    const verify = [
      'pkeyutl',
      '-verify',
      '-rawin',
      '-digest',
      'sm3',
      '-pubin',
      '-keyform',
      'DER',
      '-inkey',
      at('key.der'),
      ...['-pkeyopt', 'distid:1234567812345678'],
    ];
    const judged = spawnSync(openssl, [...verify, '-in', at('content'), '-sigfile', at('signature')], {
      encoding: 'utf8',
    });
    expect(judged.status, judged.stderr).to.equal(0);
  });

  it('is checked offline by the command, as a file and unpacked, and tampering is blamed with exit status 1', () => {
    const check = (...argv: string[]) => {
      const options = ['archive', 'check', '--json', '--at', house.clock().toISOString(), ...argv];
      const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...options], { encoding: 'utf8' });
      return {
        status,
        stderr,
        told: JSON.parse(stdout || '[]') as { valid: boolean; trusted: boolean; checks: object[] }[],
      };
    };
    const root = [...files.keys()][0]?.split('/')[0] ?? '';
    const good = check(join(folder.path, 'volume.zip'), join(folder.path, root), '--trust', join(folder.path, 'trust'));
    expect(
      good.told.map(({ valid, trusted }) => [valid, trusted]),
      good.stderr,
    ).to.deep.equal([
      [true, true],
      [true, true],
    ]);
    expect(good.status).to.equal(0);
    writeFileSync(join(folder.path, 'cut.zip'), zip.subarray(0, zip.length - 1000));
    symlinkSync('/etc/hostname', join(folder.path, root, 'link'));
    const bad = check(join(folder.path, 'cut.zip'), join(folder.path, root));
    expect(bad.told.map(({ checks }) => (checks[0] as { code: string }).code)).to.deep.equal([
      'CONTAINER_REFUSED',
      'CONTAINER_REFUSED',
    ]);
    expect(bad.status).to.equal(1);
    expect(check(join(folder.path, 'nothing-here')).status).to.equal(2);
  });

  it('blames every file that was changed, lost, added or renamed, and no other file', () => {
    const names = [...files.keys()].filter((path) => !path.endsWith('.sm3') && !path.endsWith('.p7s'));
    const tampering = fc.record({
      path: fc.constantFrom(...names),
      how: fc.constantFrom('flip', 'lose', 'add', 'rename'),
      at: fc.nat(),
    });
    const judge = (path: string, how: string, at: number) => {
      const changed = new Map(files);
      const bytes = Uint8Array.from(files.get(path) ?? []);
      const other = `${path}~`;
      if (how === 'flip') bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << (at % 8));
      if (how === 'lose' || how === 'rename') changed.delete(path);
      else changed.set(path, bytes);
      if (how === 'add' || how === 'rename') changed.set(other, bytes);
      const report = checkVolume(changed, given());
      expect(report.valid).to.equal(false);
      const blamed = failures(report).flatMap(({ name, code, where }) => (name === 'manifest' ? [[code, where]] : []));
      const [lost, added] = [
        ['FILE_MISSING', below(path)],
        ['FILE_EXTRA', below(other)],
      ];
      const expected = { flip: [['FILE_CHANGED', below(path)]], lose: [lost], add: [added], rename: [lost, added] }[
        how
      ];
      expect(blamed).to.deep.equal(expected);
    };
    fc.assert(
      fc.property(tampering, ({ path, how, at }) => judge(path, how, at)),
      { numRuns: 24 },
    );
  });

  it('is refused when its manifest was edited, or signed again by somebody else', async () => {
    const manifestPath = [...files.keys()].find((path) => path.endsWith('清单.sm3')) ?? '';
    const metadataPath = [...files.keys()].find((path) => path.endsWith('元数据.xml')) ?? '';
    const changed = new Map(files);
    changed.set(
      metadataPath,
      Buffer.from(
        Buffer.from(files.get(metadataPath) ?? [])
          .toString()
          .replace('一期', '二期'),
      ),
    );
    const local = new Map([...changed].map(([path, bytes]) => [below(path), bytes]));
    changed.set(manifestPath, writeManifest(local));
    expect(failures(checkVolume(changed, given()))).to.deep.include({
      ...{ name: 'digest', code: 'DIGEST_MISMATCH', where: '清单.sm3.p7s' },
    });
    const { outer } = await makeSigningOffice();
    changed.set(`${manifestPath}.p7s`, await signManifest(writeManifest(local), { ...outer }));
    const later = { ...given(), policy: { ...given().policy, at: LATER } };
    const report = checkVolume(changed, later);
    expect(report).to.include({ valid: false, trusted: false });
    expect(failures(report).map(({ name }) => name)).to.include('trust');
  });

  it('is refused without being unpacked when it leads out, repeats or swells', () => {
    const [path = ''] = files.keys();
    const named = (from: string, to: string) => {
      const bytes = Buffer.from(
        writePackage(
          new Map([
            ['root/aaaa', Buffer.from('1')],
            [from, Buffer.from('2')],
          ]),
        ),
      );
      for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
      return failures(checkVolumeFile(bytes, given()))[0]?.code;
    };
    expect(named('root/bbbb', '../../out')).to.equal('CONTAINER_REFUSED');
    expect(named('root/bbbb', 'root/aaaa')).to.equal('CONTAINER_REFUSED');
    const bomb = writePackage(new Map([[path, Buffer.alloc(64 * 1024 * 1024)]]));
    expect(failures(checkVolumeFile(bomb, given()))[0]?.code).to.equal('CONTAINER_REFUSED');
  });

  it('has a print beside it: drawn at true size, numbered, told by the public check, for its body only', async function () {
    const pdftotext = requireProgram(this, 'pdftotext');
    const licence = await issueOne(house);
    const { serial } = await printLicence(house, clerk, licence.licenceId, { purpose: '窗口打印留存' });
    const pdf = await getPrint(house, clerk, serial);
    writeFileSync(join(folder.path, 'print.pdf'), pdf);
    const text = execFileSync(pdftotext, [join(folder.path, 'print.pdf'), '-'], { encoding: 'utf8' }).replaceAll(
      /\s/g,
      '',
    );
    expect(text)
      .to.include('打印件，非证照原件')
      .and.include('窗口打印留存')
      .and.include(serial)
      .and.include('样例市城乡建设局');
    expect(readFileSync(join(folder.path, 'print.pdf')).includes('/MediaBox [ 0 0 595')).to.equal(true);
    const code = (await house.db.rows.licences.findByPk(licence.licenceId))?.verificationCode ?? '';
    const anybody = { ...clerk, type: 'public' as const, roles: [] };
    const told = await checkByCode(house, anybody, code, undefined, serial);
    expect(told?.print).to.deep.equal({
      ...{ serial, printedOn: '2026-03-02', printedBy: '样例市城乡建设局', purpose: '窗口打印留存' },
    });
    expect((await checkByCode(house, anybody, code, undefined, 'DY0'))?.print).to.equal(null);
    expect((await faultOf(getPrint(house, window, serial))).code).to.equal('NOT_FOUND');
    const drawn = await faultOf(printLicence(house, clerk, licence.licenceId, { purpose: '窗口打印😀' }));
    expect(drawn.errors).to.deep.equal([{ pointer: '/purpose', code: 'GLYPH_MISSING', detail: '😀' }]);
  });

  it('of a batch is carried to a disk by the operator, and logged', async () => {
    const { number } = await openArchive(house, clerk, { purpose: 'issued' });
    const written: string[] = [];
    const made = await exportVolumes(house, houseCaller('test'), number, (name) => void written.push(name));
    expect(made).to.include({ state: 'made', items: 1 });
    expect(written).to.deep.equal([`${number}-J0001.zip`]);
    expect((await faultOf(exportVolumes(house, houseCaller('test'), 'nothing', () => undefined))).code).to.equal(
      'NOT_FOUND',
    );
  });
});
