import { expect } from 'chai';
import { softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { makeOfdContext } from '../../../signing/ofd/ofd-context.ts';
import { openOfd } from '../../../signing/ofd/open-ofd.ts';
import { openSignature } from '../../../signing/ofd/open-signature.ts';
import { readGmSignedData } from '../../../signing/ofd/read-gm-signed-data.ts';
import { readSignaturesXml } from '../../../signing/ofd/read-signature-xml.ts';
import { sealOfd } from '../../../signing/ofd/seal-ofd.ts';
import { type OfdSignRequest, signOfd } from '../../../signing/ofd/sign-ofd.ts';
import { signPackage } from '../../../signing/ofd/sign-package.ts';
import { verifyOfd } from '../../../signing/ofd/verify-ofd.ts';
import { judgeTimeStamp, verifyOneSignature } from '../../../signing/ofd/verify-one-signature.ts';
import { writeGmSignedData } from '../../../signing/ofd/write-gm-signed-data.ts';
import type { VerificationPolicy } from '../../../signing/verify/report.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { makeMember } from '../x509/certificates.ts';
import { SIGNED, smallPackage } from './sealed-package.ts';
import { makeSigningOffice, STAMPED } from './signed-package.ts';

const INNER = 'Doc_0/Signs/Sign_0';
const OUTER = 'Doc_0/Signs/Sign_1';
const LIST = 'Doc_0/Signs/Signatures.xml';

describe('the outer signature of an OFD', () => {
  let office: Awaited<ReturnType<typeof makeSigningOffice>>;
  let finished: Uint8Array;
  before(async function () {
    this.timeout(10_000);
    office = await makeSigningOffice();
    finished = await office.finish();
  });

  const failures = (bytes: Uint8Array, policy: VerificationPolicy = office.policy) => {
    const report = verifyOfd(bytes, policy);
    const codes = report.checks.filter((one) => one.outcome === 'failed').map((one) => one.code ?? '');
    expect(report.valid, codes.join()).to.equal(codes.length === 0);
    return codes;
  };
  const fileOf = (path: string, from = finished) => readPackage(from).files.get(path) ?? new Uint8Array();
  const textOf = (path: string, from = finished) => Buffer.from(fileOf(path, from)).toString();
  const repacked = (changes: Readonly<Record<string, Uint8Array | undefined>>, from = finished) => {
    const files = new Map(readPackage(from).files);
    for (const [path, data] of Object.entries(changes)) {
      if (data) files.set(path, data);
      else files.delete(path);
    }
    return writePackage(files);
  };
  const codeOf = (act: () => Promise<unknown>) =>
    act().then(
      () => 'done',
      ({ code, details }: { code: string; details: { reason?: string } }) => details.reason ?? code,
    );

  it('is valid beside the seal, and both are judged', () => {
    const report = verifyOfd(finished, office.policy);
    expect(failures(finished)).to.deep.equal([]);
    expect(report.trusted).to.equal(true);
    const signatures = report.checks.filter((one) => one.name === 'signature').map((one) => one.where);
    expect(signatures).to.deep.equal([`${INNER}/Signature.xml`, `${OUTER}/Signature.xml`]);
    expect(report.checks.filter((one) => one.name === 'revocation').map((one) => one.outcome)).to.include('passed');
  });

  it('is GB/T 35275 over the 32 bytes of SM3, covers the seal and its files, and carries the proof', () => {
    const list = textOf(LIST);
    expect(list).to.contain(`<ofd:Signature ID="s002" Type="Sign" BaseLoc="Sign_1/Signature.xml"/>`);
    const description = textOf(`${OUTER}/Signature.xml`);
    for (const name of ['Signature.xml', 'SignedValue.dat', 'Seal.esl']) {
      expect(description).to.contain(`FileRef="/${INNER}/${name}"`);
    }
    expect(description).to.contain('FileRef="/OFD.xml"').and.not.to.contain('Signatures.xml"');
    expect(description).not.to.match(/StampAnnot|<ofd:Seal>/);
    const read = readGmSignedData(fileOf(`${OUTER}/SignedValue.dat`));
    expect(read.canonical).to.equal(true);
    expect(read.content).to.have.length(32);
    expect(read.attributes).to.equal(undefined);
    expect(read.certificates).to.have.length(6);
    expect(read.crls).to.have.length(2);
    expect(read.timeStamp?.length).to.be.greaterThan(500);
  });

  it('leaves every file of the sealed package as it was, packed bytes included', async () => {
    const sealed = await office.press();
    const signed = await signOfd(sealed, office.outer);
    expect(failures(signed)).to.deep.equal([]);
    const before = readPackage(sealed).packedFiles();
    const after = readPackage(signed).packedFiles();
    for (const [path, file] of before) {
      if (path === LIST) continue;
      expect(Buffer.from(after.get(path)?.packed(path).packed ?? []).equals(file.packed(path).packed), path).to.equal(
        true,
      );
    }
  });

  it('may be the first, and may be followed by a seal and by another signature', async () => {
    const first = await signOfd(smallPackage(), office.outer);
    expect(failures(first)).to.deep.equal([]);
    const sealed = await sealOfd(first, office.request);
    expect(failures(sealed)).to.deep.equal([]);
    const again = await signOfd(sealed, { ...office.outer, signer: await office.member('另一库') });
    expect(failures(again)).to.deep.equal([]);
    expect(textOf(LIST, again).match(/Type="(Seal|Sign)"/g)).to.deep.equal([
      'Type="Sign"',
      'Type="Seal"',
      'Type="Sign"',
    ]);
  });

  it('shows any change of what it covers, of the list and of its own files', async () => {
    const other = await office.finish({ at: new Date(SIGNED.getTime() + 1000) });
    expect(failures(repacked({ [`${OUTER}/SignedValue.dat`]: fileOf(`${OUTER}/SignedValue.dat`, other) }))).to.include(
      'DIGEST_MISMATCH',
    );
    const list = textOf(LIST);
    const changes = [
      list.replace('"Sign"', '"Seal"'),
      list.replace('"Seal"', '"Sign"'),
      list.replace(/<ofd:Signature ID="s002"[^>]*>/, ''),
      list.replace(/<ofd:Signature ID="s001"[^>]*>/, ''),
    ];
    for (const changed of changes)
      expect(failures(repacked({ [LIST]: Buffer.from(changed) })), changed).not.to.be.empty;
    expect(failures(repacked({ [`${INNER}/Seal.esl`]: undefined }))).to.include('REFERENCED_FILE_MISSING');
  });

  /** Where in the value of a signature a byte can be changed and nothing fails; all of them with a stride of 1. */
  const survivorsOf = (bytes: Uint8Array, index: number, from = 0, stride = 3): number[] => {
    const files = new Map(readPackage(bytes).files);
    const path = `Doc_0/Signs/Sign_${index}/SignedValue.dat`;
    const genuine = files.get(path) ?? new Uint8Array();
    const listing = readSignaturesXml(files.get(LIST) ?? new Uint8Array())[index];
    if (!listing) throw new Error('no such signature');
    const context = makeOfdContext(files, trustStoreOf(office.policy));
    const isRefused = (value: Uint8Array) => {
      files.set(path, value);
      const stamped = judgeTimeStamp(openSignature(context, LIST, listing), context.store);
      const { checks } = verifyOneSignature(context, stamped, context.store, undefined);
      return checks.some(({ outcome }) => outcome === 'failed');
    };
    expect(isRefused(genuine)).to.equal(false);
    const survivors: number[] = [];
    for (let at = from; at < genuine.length; at += stride) {
      const bad = Uint8Array.from(genuine);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      if (!isRefused(bad)) survivors.push(at);
    }
    return survivors;
  };

  it('is refused whatever byte of its value is changed, what no signature covers included', function () {
    this.timeout(60_000).slow(20_000);
    expect(survivorsOf(finished, 1)).to.deep.equal([]);
  });

  it('is refused when what it brings along is exchanged for what nothing in it proves', async () => {
    const value = readGmSignedData(fileOf(`${OUTER}/SignedValue.dat`));
    expect(value.timeStamp).not.to.equal(undefined);
    const stranger = await makeMember('SM2', 'signer', '外人之一', office.stranger);
    expect(await codeOf(() => office.finish({ certificates: [stranger.certificate] }))).to.equal(
      'CERTIFICATE_CHAIN_BROKEN',
    );
    expect(await codeOf(() => office.finish({ chain: [] }))).to.equal('CERTIFICATE_CHAIN_BROKEN');
    const open = await office.finish({ certificates: [], crls: [] });
    expect(failures(open)).to.deep.equal([]);
  });

  describe('with a time-stamp', () => {
    const years = (count: number) => new Date(Date.UTC(2026 + count, 5, 3));

    it('proves the time of the seal it covers: valid years after the certificates have run out', async () => {
      const short = await office.member('短期局', 1);
      const seal = await office.sealFor(short.certificate, '短期章');
      const brief = await office.finish({}, { ...office.request, signer: short, seal });
      const at = years(6);
      const report = verifyOfd(brief, { ...office.policy, at });
      expect(report.valid).to.equal(true);
      const times = report.checks.filter((one) => one.name === 'time').map((one) => one.outcome);
      expect(times.every((outcome) => outcome === 'passed')).to.equal(true);
    });

    it('lends no trust by what it brings along', () => {
      const { certificates: _, ...without } = office.policy;
      expect(verifyOfd(finished, without)).to.include({ valid: true, trusted: null });
      const strangers = { ...without, certificates: [office.stranger.certificate] };
      expect(verifyOfd(finished, strangers)).to.include({ valid: false, trusted: false });
      const rootOnly = { ...without, certificates: [office.authority.sm2.root.certificate] };
      expect(failures(finished, rootOnly)).to.deep.equal([]);
    });

    it('contradicts a seal that claims to be younger than the stamp that covers it', async () => {
      const late = await office.finish(
        { timeStamper: office.clock(office.tsa, new Date('2026-06-02T02:00:00Z')) },
        office.request,
      );
      expect(failures(late)).to.include('TIME_IN_FUTURE');
    });

    it('shows a revocation between the claim and the proof', async () => {
      const revoked = await office.listOf([
        { serial: parseCertificate(office.signer.certificate).serial, revokedAt: new Date(STAMPED.getTime() - 1000) },
      ]);
      expect(failures(finished, { ...office.policy, crls: [revoked] })).to.deep.equal(['REVOKED']);
      expect(failures(await office.finish({ crls: [revoked] }))).to.deep.equal(['REVOKED']);
    });

    it('of a clock that is not trusted is not judged, and proves nothing', async () => {
      const clock = await makeMember('SM2', 'time-stamping', '外人钟', office.stranger);
      const strange = await office.finish({ timeStamper: office.clock(clock, STAMPED) });
      const report = verifyOfd(strange, office.policy);
      expect(report.valid).to.equal(true);
      expect(report.checks.find((one) => one.code === 'TIME_NOT_TRUSTED')?.outcome).to.equal('not-judged');
    });

    it('over something else is not taken when signing', async () => {
      const { hash, stamp } = office.clock(office.tsa, STAMPED);
      const wrong = { hash, stamp: (digest: Uint8Array) => stamp(Uint8Array.from(digest).reverse()) };
      expect(await codeOf(() => office.finish({ timeStamper: wrong }))).to.equal('IMPRINT');
    });
  });

  describe('with the time-stamp in the seal itself', () => {
    it('is judged at the time it proves, and every byte of the value counts', async function () {
      this.timeout(60_000);
      const sealed = await office.press({ timeStamper: office.clock(office.tsa, STAMPED) });
      expect(failures(sealed)).to.deep.equal([]);
      // the seal before it is a long picture, and other tests change it
      expect(survivorsOf(sealed, 0, 3400)).to.deep.equal([]);
    });
  });

  describe('is refused to', () => {
    const signing = (changes: Partial<OfdSignRequest>, ofd: Parameters<typeof signOfd>[0] = smallPackage()) =>
      codeOf(() => signOfd(ofd, { ...office.outer, ...changes }));

    it('keys that do not fit, certificates out of time or for other uses', async () => {
      const { key } = office.maker;
      expect(await signing({ signer: { key, certificate: office.repository.certificate } })).to.equal('KEY_UNUSABLE');
      expect(await signing({ at: new Date('2040-01-01T00:00:00Z') })).to.equal('CERTIFICATE_UNFIT');
      const { issuing } = office.authority.sm2;
      const authority = { key: softwareKeyFromPkcs8(issuing.pkcs8), certificate: issuing.certificate };
      expect(await signing({ signer: authority })).to.equal('CERTIFICATE_UNFIT');
    });

    it('a clock, and is not believed from one that signs all the same', async () => {
      const clock = { key: softwareKeyFromPkcs8(office.tsa.pkcs8), certificate: office.tsa.certificate };
      expect(await signing({ signer: clock })).to.equal('CERTIFICATE_UNFIT');
      const { provider, at } = office.outer;
      const makeValue = async (content: Uint8Array) =>
        writeGmSignedData({
          signer: parseCertificate(clock.certificate),
          ...{ certificates: [clock.certificate, ...office.chain], crls: [], content, timeStamp: undefined },
          signature: await clock.key.sign(content),
        });
      const { files } = await signPackage(smallPackage(), { provider, at, makeValue });
      expect(failures(writePackage(files))).to.deep.equal(['CERTIFICATE_USAGE']);
    });

    it('files that are changed, hidden in, or no OFD', async () => {
      const changed = repacked({ 'Doc_0/Attachs/licence.json': Buffer.from('{}') });
      expect(await signing({}, changed)).to.equal('DIGEST_MISMATCH');
      expect(await signing({}, repacked({ 'Doc_0/more.xml': Buffer.from('<x/>') }))).to.equal('UNCOVERED');
      expect(await signing({}, Buffer.concat([finished, Buffer.from('x')]))).to.equal('ENTRY_HIDDEN');
      expect(await signing({}, writePackage(new Map([['a.txt', Buffer.from('x')]])))).to.equal('UNKNOWN_FORMAT');
    });

    it('files in which a signature protects the list of signatures', async () => {
      const files = new Map(
        readPackage(await office.press({ provider: { name: 'Other', version: '1', company: '' } })).files,
      );
      const reference = `<ofd:Reference FileRef="/${LIST}"><ofd:CheckValue>AAAA</ofd:CheckValue></ofd:Reference></ofd:References>`;
      const path = `${INNER}/Signature.xml`;
      const description = Buffer.from(files.get(path) ?? [])
        .toString()
        .replace('</ofd:References>', reference);
      files.set(path, Buffer.from(description));
      expect(await signing({}, writePackage(files))).to.equal('WHOLE_PROTECTED');
    });
  });

  describe('on the finished file of a stranger', () => {
    const foreign = { name: 'Other', version: '1', company: '' };

    it('is put behind theirs, whose list keeps its form', async () => {
      const theirs = await office.press({ provider: foreign });
      const list = textOf(LIST, theirs)
        .replace('<ofd:Signature ', '<ofd:MaxSignId>7</ofd:MaxSignId>\n<ofd:Signature ')
        .replace('ID="s001" Type="Seal"', 'ID="7"')
        .replaceAll('ofd:', 'o:')
        .replace('xmlns:ofd', 'xmlns:o');
      const odd = repacked({ [LIST]: Buffer.from(list) }, theirs);
      const signed = await signOfd(odd, office.outer);
      expect(failures(signed)).to.deep.equal([]);
      expect(textOf(LIST, signed)).to.equal(
        list
          .replace('>7</o:Max', '>s002</o:Max')
          .replace(
            '</o:Signatures>',
            '<o:Signature ID="s002" Type="Sign" BaseLoc="Sign_1/Signature.xml"/></o:Signatures>',
          ),
      );
    });

    it('names its list in an OFD.xml that has none', async () => {
      const ofd = smallPackage();
      const bytesOf = (path: string) => Buffer.from(ofd.files.get(path)?.bytes ?? []);
      const root = bytesOf('OFD.xml')
        .toString()
        .replace(/<ofd:Signatures>.*<\/ofd:Signatures>/, '');
      const plain = new Map([...ofd.files].map(([path, { bytes }]) => [path, bytes]));
      plain.set('OFD.xml', Buffer.from(root));
      const unsigned = writePackage(plain);
      expect(openOfd(unsigned, SIGNED).pageIds).to.deep.equal([1, 9]);
      const sealed = await sealOfd(unsigned, office.request);
      expect(failures(sealed)).to.deep.equal([]);
      expect(textOf('OFD.xml', sealed)).to.contain(
        '<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>',
      );
      expect(failures(await sealOfd(writePackage(ofd.files), office.request))).to.deep.equal([]);
    });

    it('copies their packed bytes, and drops folders and data descriptors', async () => {
      const theirs = packFiles(readPackage(await office.press({ provider: foreign })).files);
      const signed = await signOfd(writePackage(theirs), office.outer);
      expect(readPackage(signed).canonical).to.equal(true);
    });
  });

  it('names its content and algorithms as the standard does', () => {
    const value = Buffer.from(fileOf(`${OUTER}/SignedValue.dat`)).toString('hex');
    // 1.2.156.10197.6.1.4.2.2, 1.2.156.10197.6.1.4.2.1, 1.2.156.10197.1.301.1
    for (const oid of ['060a2a811ccf550601040202', '060a2a811ccf550601040201', '06092a811ccf5501822d01']) {
      expect(value).to.contain(oid);
    }
  });
});
