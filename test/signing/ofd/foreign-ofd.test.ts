import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { bitString, element, utf8String } from '../../../signing/der/write-der.ts';
import { signOfd } from '../../../signing/ofd/sign-ofd.ts';
import { verifyOfd } from '../../../signing/ofd/verify-ofd.ts';
import { judgeSeal } from '../../../signing/seal/judge-seal.ts';
import { parseSeal } from '../../../signing/seal/parse-seal.ts';
import { toField } from '../../../signing/sm2/curve.ts';
import { parseSm2Signature } from '../../../signing/sm2/signature-value.ts';
import type { VerificationPolicy } from '../../../signing/verify/report.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import {
  foreignFiles,
  foreignPackage,
  type Hands,
  PARTS,
  type SignatureForm,
  type StampForm,
  sealBy,
  signedDataBy,
  sm3Of,
  stampBy,
} from './foreign-package.ts';
import { makeSigningOffice, STAMPED } from './signed-package.ts';

/** What standards digest and genuine files show: each form is taken, and what is odd is said. */
describe('an OFD of another maker', () => {
  let office: Awaited<ReturnType<typeof makeSigningOffice>>;
  let hands: Hands;
  before(async function () {
    this.timeout(10_000);
    office = await makeSigningOffice();
    hands = { signer: office.signer, maker: office.maker };
  });

  const judge = (bytes: Uint8Array, policy: VerificationPolicy = office.policy) => {
    const { checks, valid } = verifyOfd(bytes, policy);
    const codes = (outcome: string) => [
      ...new Set(checks.filter((one) => one.outcome === outcome).map((one) => one.code ?? '')),
    ];
    const failed = codes('failed');
    expect(valid, failed.join()).to.equal(failed.length === 0);
    return { failed, warned: codes('warned'), notJudged: codes('not-judged') };
  };
  const sealed = (form: StampForm = {}, rest: Partial<SignatureForm> = {}) =>
    foreignPackage({ value: (description) => stampBy(hands, sm3Of(description), form), ...rest });
  const rows = (...types: readonly string[]) =>
    types.map((type, i) => `<ofd:Signature ID="${i + 1}" ${type} BaseLoc="Sign_${i}/Signature.xml"/>`);
  const sign = 'Type="Sign"';

  it('is taken with numeric IDs, an absolute BaseLoc and no Type, which is said', async () => {
    expect(judge(await sealed())).to.deep.include({ failed: [], warned: ['TYPE_MISSING'] });
    expect(judge(await sealed({}, { rows: rows('Type="Seal"') }))).to.deep.include({ failed: [], warned: [] });
  });

  it('is taken with a namespace without the year, another version and the archive type', async () => {
    const root = (PARTS['OFD.xml'] ?? '').replace('ofdspec.org/2016', 'ofdspec.org').replace('"OFD">', '"OFD-A">');
    const bytes = await sealed({}, { parts: { ...PARTS, 'OFD.xml': root } });
    expect(judge(bytes).failed).to.deep.equal([]);
  });

  it('is taken with every spelling of SM3 and refused with digests that are weak or unknown', async () => {
    for (const checkMethod of ['SM3', 'sm3', '1.2.156.10197.1.401', '1.2.156.10197.1.401.2']) {
      expect(judge(await sealed({}, { checkMethod })).failed, checkMethod).to.deep.equal([]);
    }
    for (const checkMethod of ['MD5', 'SHA1', 'sha-1', '1.3.14.3.2.26', '']) {
      expect(judge(await sealed({}, { checkMethod })).failed, checkMethod).to.include('DIGEST_WEAK');
    }
    expect(judge(await sealed({}, { checkMethod: 'SM4' })).failed).to.include('ALGORITHM_UNSUPPORTED');
  });

  it('is taken whatever its propertyInfo says', async () => {
    for (const propertyInfo of ['/Doc_0/Signs/Sign_0/Signature.xml', '{"path":"x"}', 'a1b2', '', ' ']) {
      expect(judge(await sealed({ propertyInfo })).failed, propertyInfo).to.deep.equal([]);
    }
  });

  it('is taken with locations relative to the package or to the description, and members in another order', async () => {
    const near = (path: string) => `../../../${path}`;
    for (const fileRef of [(path: string) => path, near, (path: string) => `/./${path}`]) {
      expect(judge(await sealed({}, { fileRef, reversed: true })).failed).to.deep.equal([]);
    }
    const out = judge(await sealed({}, { fileRef: (path) => `../../../../${path}` }));
    expect(out.failed).to.include.members(['REFERENCED_FILE_MISSING', 'UNCOVERED']);
  });

  it('is warned of a name that differs in case, unless two files fit', async () => {
    const upper = (path: string) => `/${path.replace('Tpls', 'TPLS')}`;
    expect(judge(await sealed({}, { fileRef: upper }))).to.deep.include({
      failed: [],
      warned: ['TYPE_MISSING', 'LOCATION_CASE'],
    });
  });

  it('is warned of OFD.xml uncovered, and refused with any other part uncovered', async () => {
    expect(judge(await sealed({}, { uncovered: ['OFD.xml'] }))).to.deep.include({
      failed: [],
      warned: ['TYPE_MISSING', 'ROOT_UNCOVERED'],
    });
    for (const path of Object.keys(PARTS)) {
      if (path === 'OFD.xml') continue;
      expect(judge(await sealed({}, { uncovered: [path] })).failed, path).to.include('UNCOVERED');
    }
    const bare = judge(await sealed({}, { uncovered: ['OFD.xml', 'Doc_0/Document.xml'] }));
    expect(bare.failed, 'a document that OFD.xml could exchange').to.deep.equal(['UNCOVERED']);
  });

  it('is taken with a seal of version 1, 4 or 5, its signer listed whole or by digest', async () => {
    for (const version of [1, 4, 5] as const) {
      expect(judge(await sealed({ version })).failed, String(version)).to.deep.equal([]);
    }
    expect(judge(await sealed({ byDigest: 'SM3' })).failed).to.deep.equal([]);
    expect(judge(await sealed({ byDigest: '1.2.156.10197.1.401' })).failed).to.deep.equal([]);
    expect(judge(await sealed({ byDigest: 'SHA1' })).failed).to.deep.equal(['SEAL_SIGNER_UNLISTED']);
  });

  it('is warned of raw values, wrong unused bits and times as text', async () => {
    const raw = (value: Uint8Array) => {
      const { r, s } = parseSm2Signature(value);
      return bitString(Buffer.concat([toField(r), toField(s)]));
    };
    expect(judge(await sealed({ bits: raw })).warned).to.include('RAW_SIGNATURE');
    const unused = (value: Uint8Array) => element(3, Uint8Array.of(7), value);
    expect(judge(await sealed({ bits: unused })).warned).to.include('UNUSED_BITS');
    for (const text of ['2026-06-02 11:04:05', '2026-06-02T03:04:05Z', '260602030405Z', '1780369445']) {
      const oldTime = judge(await sealed({ version: 1, time: bitString(Buffer.from(text)) }));
      expect(oldTime, text).to.deep.include({ failed: [], warned: ['TYPE_MISSING', 'TEXT_TIME'] });
    }
    expect(judge(await sealed({ version: 1, time: bitString(Buffer.from('yesterday')) })).failed).to.not.be.empty;
  });

  it('is warned of data descriptors, and taken with folders as entries', async function () {
    requireProgram(this, 'python3');
    const folder = temporaryFolder();
    try {
      for (const [path, data] of await foreignFiles({ value: (one) => stampBy(hands, sm3Of(one)) })) {
        writeFileSync(join(folder.path, path.replaceAll('/', '__')), data);
      }
      const script = [
        'import zipfile,os,sys',
        'class Out:',
        '  def __init__(s,f): s.f=f',
        '  def write(s,b): return s.f.write(b)',
        '  def flush(s): s.f.flush()',
        'f=open("out.ofd","wb")',
        'z=zipfile.ZipFile(Out(f),"w",zipfile.ZIP_DEFLATED)',
        'z.writestr(zipfile.ZipInfo("Doc_0/"),b"")',
        '[z.write(n,n.replace("__","/")) for n in sorted(os.listdir(".")) if n.endswith((".xml",".dat"))]',
        'z.close()',
      ];
      execFileSync('python3', ['-c', script.join('\n')], { cwd: folder.path });
      const bytes = readFileSync(join(folder.path, 'out.ofd'));
      expect(judge(bytes)).to.deep.include({ failed: [], warned: ['DATA_DESCRIPTOR', 'TYPE_MISSING'] });
      const signed = await signOfd(bytes, office.outer);
      expect(judge(signed), 'signed further').to.deep.include({ failed: [], warned: ['TYPE_MISSING'] });
    } finally {
      folder.remove();
    }
  });

  it('is taken with two signatures and no seal, which is said', async () => {
    const bytes = await foreignPackage({
      rows: rows(sign, sign),
      value: (description) => signedDataBy(hands, sm3Of(description)),
    });
    expect(judge(bytes)).to.deep.include({ failed: [], warned: [] });
    expect(judge(bytes).notJudged).to.include('NO_SEAL');
    const report = verifyOfd(bytes, office.policy);
    expect(report.signatures?.map(({ kind }) => kind)).to.deep.equal(['signature', 'signature']);
    for (const dateTime of ['2026-06-02 11:04:05', '20260602110405', '20260602030405.302Z', 'some day']) {
      const dated = await foreignPackage({
        rows: rows(sign),
        dateTime,
        value: (one) => signedDataBy(hands, sm3Of(one)),
      });
      expect(judge(dated).failed, dateTime).to.deep.equal([]);
    }
  });

  it('is refused when nobody covers the signatures of the others, whatever their order in the list', async () => {
    const loose = (uncoveredBy: (path: string, index: number) => boolean, order = rows(sign, sign, sign)) =>
      foreignPackage({ rows: order, uncoveredBy, value: (one) => signedDataBy(hands, sm3Of(one)) });
    const names = ['Signature.xml', 'SignedValue.dat'];
    const filesOf = (index: number) => names.map((name) => `Doc_0/Signs/Sign_${index}/${name}`);
    const blamed = (bytes: Uint8Array) =>
      verifyOfd(bytes, office.policy)
        .checks.filter(({ code }) => code === 'SIGNATURE_UNCOVERED')
        .map(({ name, outcome, where }) => [name, outcome, where]);
    expect(blamed(await loose(() => false))).to.deep.equal([]);
    const none = await loose((path) => path.includes('/Signs/'));
    expect(judge(none).failed).to.include('SIGNATURE_UNCOVERED');
    expect(blamed(none)).to.deep.equal([...filesOf(0), ...filesOf(1)].map((path) => ['coverage', 'failed', path]));
    // the last covers one of two files of the first
    const half = await loose((path, index) => index === 2 && path === filesOf(0)[1]);
    expect(blamed(half)).to.deep.equal([['coverage', 'failed', filesOf(0)[1]]]);
    // the second covers the first, the last covers both: enough, though the rows stand the other way round
    const chain = await loose(() => false, rows(sign, sign, sign));
    const files = new Map(readPackage(chain).files);
    const path = 'Doc_0/Signs/Signatures.xml';
    const list = Buffer.from(files.get(path) ?? []).toString();
    const listed = list.match(/<ofd:Signature .*?\/>/g) ?? [];
    expect(listed).to.have.length(3);
    files.set(path, Buffer.from(list.replace(listed.join(''), listed.toReversed().join(''))));
    expect(judge(writePackage(files)).failed).to.deep.equal([]);
  });

  it('is warned of a bare SM2 value when its certificate is given, and refused without', async () => {
    const bare = await foreignPackage({ rows: rows(sign), value: (one) => hands.signer.key.sign(one) });
    expect(judge(bare).failed).to.deep.equal(['CERTIFICATE_MISSING']);
    const given = { ...office.policy, certificates: [...(office.policy.certificates ?? []), hands.signer.certificate] };
    expect(judge(bare, given)).to.deep.include({ failed: [], warned: ['BARE_SIGNATURE'] });
    const other = await foreignPackage({ rows: rows(sign), value: (one) => hands.maker.key.sign(one) });
    expect(judge(other, given).failed).to.include('CERTIFICATE_MISSING');
  });

  it('is refused when the type of a signature is not that of its value', async () => {
    const seal = (description: Uint8Array) => stampBy(hands, sm3Of(description));
    expect(judge(await foreignPackage({ rows: rows(sign), value: seal })).failed).to.not.be.empty;
    const data = (description: Uint8Array) => signedDataBy(hands, sm3Of(description));
    expect(judge(await foreignPackage({ rows: rows('Type="Seal"'), value: data })).failed).to.not.be.empty;
    expect(judge(await foreignPackage({ rows: rows('Type="Stamp"'), value: seal })).failed).to.include(
      'SIGNATURE_LIST_WRONG',
    );
  });

  it('is refused when anything inside of what is signed is not DER', async () => {
    const long = (time: Uint8Array) => Uint8Array.of(0x18, 0x81, time.length - 2, ...time.subarray(2));
    const time = element(0x18, Buffer.from('20260602030405Z'));
    expect(judge(await sealed({ time })).failed).to.deep.equal([]);
    expect(judge(await sealed({ time: long(time) })).failed).to.not.be.empty;
    const name = utf8String('章');
    const longName = Uint8Array.of(0x0c, 0x81, name.length - 2, ...name.subarray(2));
    for (const version of [1, 4, 5] as const) {
      expect(judge(await sealed({ version, sealName: name })).failed, `version ${version}`).to.deep.equal([]);
      expect(judge(await sealed({ version, sealName: longName })).failed, `version ${version}`).to.not.be.empty;
    }
    const fraction = element(0x18, Buffer.from('20260602030405.0Z'));
    expect(judge(await sealed({ time: fraction })).failed).to.not.be.empty;
  });

  it('is refused when entries hide one another', async () => {
    const files = await foreignFiles({ value: (one) => stampBy(hands, sm3Of(one)) });
    files.set('doc_0/Document.xml', Buffer.from('<x/>'));
    expect(judge(writePackage(files)).failed).to.deep.equal(['ENTRY_DUPLICATE']);
  });

  describe('with a time-stamp', () => {
    const clock = (at = STAMPED, tsa = office.tsa) => {
      const { stamp } = office.clock(tsa, at);
      return (value: Uint8Array) => stamp(sm3Of(value));
    };
    const late = new Date('2031-01-01T00:00:00Z');

    it('beside the signature is judged at the time it proves', async () => {
      for (const version of [4, 5] as const) {
        const bytes = await sealed({ version, timeStamp: clock() });
        expect(judge(bytes)).to.deep.include({ failed: [], warned: ['TYPE_MISSING'] });
        const [facts] = verifyOfd(bytes, office.policy).signatures ?? [];
        expect(facts?.provenAt).to.equal(STAMPED.toISOString());
      }
      const expired = await sealed({ timeStamp: clock(new Date('2028-06-01T00:00:00Z')) });
      expect(judge(expired, { ...office.policy, at: late }).failed).to.deep.equal(['SEAL_OUTSIDE_VALIDITY']);
    });

    it('over something else, or broken, is refused; of an unknown clock it is not judged', async () => {
      const wrong = await sealed({ timeStamp: () => clock()(Buffer.from('another value')) });
      expect(judge(wrong).failed).to.deep.equal(['TIMESTAMP_INVALID']);
      expect(judge(await sealed({ timeStamp: () => Promise.resolve(Buffer.from('token')) })).failed).to.deep.equal([
        'TIMESTAMP_INVALID',
      ]);
      const stranger = await (await import('../x509/certificates.ts')).makeMember(
        'SM2',
        'time-stamping',
        '外人钟',
        office.stranger,
      );
      const strange = judge(await sealed({ timeStamp: clock(STAMPED, stranger) }));
      expect(strange.failed).to.deep.equal([]);
      expect(strange.notJudged).to.include('TIME_NOT_TRUSTED');
    });

    it('in the seal (version 5) is judged over the value of its maker, and nothing is sealed before it', async () => {
      const stamped = (sealTimeStamp: (value: Uint8Array) => Promise<Uint8Array>) =>
        sealed({ version: 5, sealTimeStamp });
      const before = new Date('2026-06-01T12:00:00Z');
      expect(judge(await stamped(clock(before)))).to.deep.include({ failed: [], warned: ['TYPE_MISSING'] });
      // clocks may differ by five minutes
      expect(judge(await stamped(clock(new Date('2026-06-02T03:08:00Z')))).failed).to.deep.equal([]);
      expect(judge(await stamped(clock(new Date('2026-06-02T03:10:00Z')))).failed).to.deep.equal([
        'SEAL_OUTSIDE_VALIDITY',
      ]);
      expect(judge(await stamped(() => clock()(Buffer.from('another')))).failed).to.deep.equal(['TIMESTAMP_INVALID']);
      expect(judge(await stamped(() => Promise.resolve(Buffer.from('token')))).failed).to.deep.equal([
        'TIMESTAMP_INVALID',
      ]);
      const unknown = judge(await stamped(clock(before)), { at: office.policy.at });
      expect(unknown.failed).to.deep.equal([]);
      expect(unknown.notJudged).to.include('TIME_NOT_TRUSTED');
      const seal = parseSeal(await sealBy(hands, { version: 5, sealTimeStamp: () => clock()(Buffer.from('another')) }));
      const alone = judgeSeal(seal, [hands.signer.certificate], office.policy);
      expect(alone.filter(({ outcome }) => outcome === 'failed').map(({ code, where }) => [code, where])).to.deep.equal(
        [['TIMESTAMP_INVALID', 'seal']],
      );
    });

    it('in the place of the time of signing (version 1) is judged over what is protected', async () => {
      const value = async (description: Uint8Array, over = sm3Of(description)) => {
        const token = await office.clock(office.tsa, STAMPED).stamp(over);
        return stampBy(hands, sm3Of(description), { version: 1, time: bitString(token) });
      };
      expect(judge(await foreignPackage({ value: (one) => value(one) }))).to.deep.include({
        failed: [],
        warned: ['TYPE_MISSING'],
      });
      expect(judge(await foreignPackage({ value: (one) => value(one, sm3Of(sm3Of(one))) })).failed).to.deep.equal([]);
      expect(judge(await foreignPackage({ value: (one) => value(one, sm3Of(Buffer.from('x'))) })).failed).to.deep.equal(
        ['TIMESTAMP_INVALID'],
      );
    });
  });

  describe('is judged by the list of accepted seal makers', () => {
    it('by the certificate of the maker, or by the authority that issued it directly', async () => {
      const bytes = await sealed();
      const withMakers = (...sealMakers: readonly Uint8Array[]) =>
        judge(bytes, { ...office.policy, sealMakers }).failed;
      const { root, issuing } = office.authority.sm2;
      expect(withMakers(office.maker.certificate)).to.deep.equal([]);
      expect(withMakers(issuing.certificate)).to.deep.equal([]);
      expect(withMakers(root.certificate), 'not directly').to.deep.equal(['SEAL_MAKER_NOT_ACCEPTED']);
      expect(withMakers(office.signer.certificate), 'a signer').to.deep.equal(['SEAL_MAKER_NOT_ACCEPTED']);
      expect(withMakers(), 'an empty list').to.deep.equal(['SEAL_MAKER_NOT_ACCEPTED']);
      const twin = await office.press();
      expect(judge(twin, { ...office.policy, sealMakers: [root.certificate] }).failed).to.deep.equal([
        'SEAL_MAKER_NOT_ACCEPTED',
      ]);
    });
  });
});
