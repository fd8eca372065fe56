import { expect } from 'chai';
import { OID } from '../../../signing/der/oids.ts';
import { element, explicit, integer, octetString, oid, sequence, setOf } from '../../../signing/der/write-der.ts';
import { softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { sealOfd } from '../../../signing/ofd/seal-ofd.ts';
import { verifyOfd } from '../../../signing/ofd/verify-ofd.ts';
import { writeStampV4, writeTbsV4 } from '../../../signing/seal/ses-v4.ts';
import { stamp } from '../../../signing/seal/stamp.ts';
import { sm3 } from '../../../signing/sm2/sm3.ts';
import type { VerificationPolicy } from '../../../signing/verify/report.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { PackedFile } from '../../../signing/zip/packed-file.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { LATER, MADE, makeOffice, SIGNED, smallPackage } from './sealed-package.ts';

const SIGN = 'Doc_0/Signs/Sign_0';
const LIST = 'Doc_0/Signs/Signatures.xml';

describe('a sealed OFD', () => {
  let office: Awaited<ReturnType<typeof makeOffice>>;
  let sealed: Uint8Array;
  before(async () => {
    office = await makeOffice();
    sealed = await office.press();
  });

  const failures = (bytes: Uint8Array, policy: VerificationPolicy = office.policy) => {
    const report = verifyOfd(bytes, policy);
    const codes = report.checks.filter((one) => one.outcome === 'failed').map((one) => one.code ?? '');
    expect(report.valid, codes.join()).to.equal(codes.length === 0);
    return codes;
  };
  const warnings = (bytes: Uint8Array) =>
    verifyOfd(bytes, office.policy)
      .checks.filter((one) => one.outcome === 'warned')
      .map((one) => one.code);
  /** The package with files put, replaced or (undefined) taken away, zipped again in our form. */
  const repacked = (changes: Readonly<Record<string, Uint8Array | undefined>>, from = sealed) => {
    const files = new Map(readPackage(from).files);
    for (const [path, data] of Object.entries(changes)) {
      if (data) files.set(path, data);
      else files.delete(path);
    }
    return writePackage(files);
  };
  const textOf = (path: string, from = sealed) => Buffer.from(readPackage(from).files.get(path) ?? '').toString();

  it('is valid, signed and trusted', () => {
    const report = verifyOfd(sealed, office.policy);
    expect(report).to.include({ format: 'ofd', signed: true, valid: true, trusted: true });
    expect(report.checks.filter((one) => !['passed', 'not-judged'].includes(one.outcome))).to.deep.equal([]);
    const names = [
      'structure',
      'digest',
      'signature',
      'seal',
      'certificate',
      'trust',
      'time',
      'revocation',
      'coverage',
    ];
    expect(new Set(report.checks.map((one) => one.name))).to.deep.equal(new Set(names));
  });

  it('is valid but unjudged in trust when no anchors are given', () => {
    const report = verifyOfd(sealed, { at: LATER });
    expect(report).to.include({ valid: true, trusted: null });
    expect(report.checks.find((one) => one.name === 'trust')?.outcome).to.equal('not-judged');
  });

  it('is invalid when its certificates lead to no given anchor', () => {
    const report = verifyOfd(sealed, { certificates: [office.authority.rsa.root.certificate], at: LATER });
    expect(report).to.include({ valid: false, trusted: false });
    expect(verifyOfd(sealed, { certificates: [], at: LATER })).to.include({ valid: false, trusted: false });
  });

  it('covers every file but the list of signatures and its own', () => {
    const description = textOf(`${SIGN}/Signature.xml`);
    const references = [...description.matchAll(/FileRef="([^"]+)"/g)].map((match) => match[1]);
    expect(references).to.have.members([...smallPackage().files.keys(), `${SIGN}/Seal.esl`].map((path) => `/${path}`));
    expect(description).to.contain(`CheckMethod="${OID.sm3}"`);
    expect(description).to.contain('PageRef="9" Boundary="120 200.5 42 42"');
  });

  it('shows every changed file, added file and missing file', () => {
    for (const [path, { bytes: data }] of smallPackage().files) {
      if (path.endsWith('.xml')) continue; // XML may break before its digest is compared
      const changed = Uint8Array.from(data);
      changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
      expect(failures(repacked({ [path]: changed })), path).to.include('DIGEST_MISMATCH');
    }
    for (const path of smallPackage().files.keys()) {
      expect(failures(repacked({ [path]: undefined })), path).to.not.deep.equal([]);
    }
    const page = 'Doc_0/Pages/Page_0/Content.xml';
    expect(failures(repacked({ [page]: Buffer.from(textOf(page).replace('营业执照', '营业执昭')) }))).to.deep.equal([
      'DIGEST_MISMATCH',
    ]);
  });

  it('shows an uncovered page, and one that the document does not even name', () => {
    const added = { 'Doc_0/Pages/Page_2/Content.xml': Buffer.from(textOf('Doc_0/Pages/Page_0/Content.xml')) };
    expect(failures(repacked(added))).to.deep.equal(['UNCOVERED']);
    const named = textOf('Doc_0/Document.xml').replace(
      '</ofd:Pages>',
      '<ofd:Page ID="25" BaseLoc="Pages/Page_2/Content.xml"/></ofd:Pages>',
    );
    expect(failures(repacked({ ...added, 'Doc_0/Document.xml': Buffer.from(named) }))).to.include.members([
      'DIGEST_MISMATCH',
      'UNCOVERED',
    ]);
  });

  it('shows a redirected document root', () => {
    const files = readPackage(sealed).files;
    const moved = Object.fromEntries(
      [...files]
        .filter(([path]) => path.startsWith('Doc_0/') && !path.includes('Signs'))
        .map(([path, data]) => [path.replace('Doc_0', 'Doc_1'), data]),
    );
    const root = textOf('OFD.xml').replace('Doc_0/Document.xml', 'Doc_1/Document.xml');
    expect(failures(repacked({ ...moved, 'OFD.xml': Buffer.from(root) }))).to.include.members([
      'DIGEST_MISMATCH',
      'UNCOVERED',
    ]);
  });

  it('shows a changed list of signatures, whatever the change', () => {
    const list = textOf(LIST);
    const changes = [
      list.replace('s001', 's002'),
      list.replace('Type="Seal" ', ''),
      list.replace('"Seal"', '"Sign"'),
      `${list}\n`,
      list.replace('<ofd:Signature ', '<ofd:MaxSignId>s001</ofd:MaxSignId><ofd:Signature '),
      list.replace('Sign_0/Signature.xml', '/Doc_0/Signs/Sign_0/Signature.xml'),
      list.replace(/<ofd:Signature [^>]*>/, '$&$&'),
      list.replace('UTF-8', 'utf-8'),
    ];
    for (const changed of changes) {
      expect(changed).to.not.equal(list);
      expect(failures(repacked({ [LIST]: Buffer.from(changed) })), changed).to.not.deep.equal([]);
    }
    const emptied = list.replace(/<ofd:Signature [^>]*>/, '');
    expect(failures(repacked({ [LIST]: Buffer.from(emptied) }))).to.deep.equal(['UNSIGNED']);
    expect(verifyOfd(repacked({ [LIST]: Buffer.from(emptied) }), office.policy).signed).to.equal(false);
  });

  it('shows a swapped seal', async () => {
    const other = await office.sealFor(office.signer.certificate, '另一枚章');
    expect(failures(repacked({ [`${SIGN}/Seal.esl`]: other }))).to.include.members([
      'SEAL_MISMATCH',
      'DIGEST_MISMATCH',
    ]);
    const again = await stamp({
      seal: other,
      at: SIGNED,
      dataHash: sm3(Buffer.from(textOf(`${SIGN}/Signature.xml`))),
      propertyInfo: `/${SIGN}/Signature.xml`,
      signer: office.signer,
    });
    expect(failures(repacked({ [`${SIGN}/SignedValue.dat`]: again }))).to.deep.equal(['SEAL_MISMATCH']);
  });

  it('shows a signature value taken from another file', async () => {
    const ofd = smallPackage();
    const files = new Map(ofd.files);
    files.set('Doc_0/Attachs/licence.json', new PackedFile(Buffer.from('{"name":"another"}')));
    const other = await office.press({}, { ...ofd, files });
    const value = readPackage(other).files.get(`${SIGN}/SignedValue.dat`);
    expect(failures(repacked({ [`${SIGN}/SignedValue.dat`]: value ?? new Uint8Array() }))).to.deep.equal([
      'DIGEST_MISMATCH',
    ]);
  });

  it('shows a seal of a stranger who is not trusted', async () => {
    const stranger = await makeOffice();
    const report = verifyOfd(await stranger.press(), office.policy);
    expect(report).to.include({ valid: false, trusted: false });
    expect(report.checks.filter((one) => one.outcome === 'failed').every((one) => one.name === 'trust')).to.equal(true);
  });

  /** A stamp of the wanted time that no honest tool would press: the parts signed by hand. */
  const pressedByForce = async (signer: typeof office.signer, seal: Uint8Array, at: Date) => {
    const honest = await office.press({ signer, seal });
    const hash = sm3(Buffer.from(textOf(`${SIGN}/Signature.xml`, honest)));
    const tbs = writeTbsV4(seal, at, hash, `/${SIGN}/Signature.xml`);
    const value = writeStampV4(tbs, signer.certificate, await signer.key.sign(tbs));
    return repacked({ [`${SIGN}/SignedValue.dat`]: value }, honest);
  };

  it('shows a certificate that had expired when it signed, not one that expired since', async () => {
    const signer = await office.member('短期局', 1);
    const seal = await office.sealFor(signer.certificate, '短期章');
    const late = new Date('2027-06-02T00:00:00Z');
    const policy = { ...office.policy, at: late };
    expect(failures(await office.press({ signer, seal }), policy)).to.deep.equal([]);
    expect(failures(await pressedByForce(signer, seal, late), policy)).to.deep.equal([
      'CERTIFICATE_OUTSIDE_VALIDITY',
      'CERTIFICATE_OUTSIDE_VALIDITY',
    ]);
    await office.press({ signer, seal, at: late }).then(
      () => expect.fail('sealed'),
      (error: unknown) => {
        expect(error).to.have.property('code', 'CERTIFICATE_UNFIT');
      },
    );
  });

  it('shows a seal that was not valid when it was pressed', async () => {
    const late = new Date('2028-02-01T00:00:00Z');
    const forged = await pressedByForce(office.signer, office.seal, late);
    expect(failures(forged, { ...office.policy, at: late })).to.deep.equal(['SEAL_OUTSIDE_VALIDITY']);
  });

  it('shows a time of signing in the future, with five minutes of grace', () => {
    const at = (offsetMs: number) => ({ ...office.policy, at: new Date(SIGNED.getTime() + offsetMs) });
    expect(failures(sealed, at(-301_000))).to.deep.equal(['TIME_IN_FUTURE']);
    expect(failures(sealed, at(-299_000))).to.deep.equal([]);
  });

  it('is valid without revocation data, which is said of signer and maker', () => {
    const { valid, checks } = verifyOfd(sealed, office.policy);
    expect(valid).to.equal(true);
    const revocation = checks.filter(({ name }) => name === 'revocation');
    expect(revocation.map(({ outcome, code }) => `${outcome} ${code}`)).to.deep.equal([
      'not-judged REVOCATION_UNKNOWN',
      'not-judged REVOCATION_UNKNOWN',
    ]);
  });

  it('shows a revocation before signing, not one after', async () => {
    const { issuing } = office.authority.sm2;
    const list = (revokedAt: Date, of: Uint8Array) =>
      issueCrl({
        issuer: issuing.certificate,
        signer: softwareKeyFromPkcs8(issuing.pkcs8),
        number: 1n,
        thisUpdate: LATER,
        nextUpdate: new Date('2027-01-01T00:00:00Z'),
        revoked: [{ serial: parseCertificate(of).serial, revokedAt }],
      });
    const signer = office.signer.certificate;
    expect(failures(sealed, { ...office.policy, crls: [await list(MADE, signer)] })).to.deep.equal(['REVOKED']);
    expect(failures(sealed, { ...office.policy, crls: [await list(MADE, office.maker.certificate)] })).to.deep.equal([
      'REVOKED',
    ]);
    expect(failures(sealed, { ...office.policy, crls: [await list(LATER, signer)] })).to.deep.equal([]);
    expect(failures(sealed, { at: LATER, crls: [await list(MADE, signer)] }), 'without anchors').to.deep.equal([
      'REVOKED',
    ]);
  });

  it('may be sealed once more, and both seals are judged', async () => {
    const second = await office.member('第二局');
    const seal = await office.sealFor(second.certificate, '第二章');
    const twice = await sealOfd(sealed, { ...office.request, signer: second, seal });
    expect(failures(twice)).to.deep.equal([]);
    const signatures = verifyOfd(twice, office.policy).checks.filter((one) => one.name === 'signature');
    expect(signatures.map((one) => one.where)).to.deep.equal([
      `${SIGN}/Signature.xml`,
      'Doc_0/Signs/Sign_1/Signature.xml',
    ]);
    expect(failures(repacked({ [`${SIGN}/SignedValue.dat`]: Buffer.from('00') }, twice))).to.not.deep.equal([]);
    const unlisted = textOf(LIST, twice).replace(/<ofd:Signature ID="s002"[^>]*>/, '');
    expect(failures(repacked({ [LIST]: Buffer.from(unlisted) }, twice)), 'second unlisted').to.include('UNCOVERED');
    const first = textOf(LIST, twice).replace(/<ofd:Signature ID="s001"[^>]*>/, '');
    expect(failures(repacked({ [LIST]: Buffer.from(first) }, twice)), 'first unlisted').to.include(
      'SIGNATURE_LIST_WRONG',
    );
  });

  it('refuses a duplicate entry and a local entry after the directory', () => {
    expect(failures(Buffer.concat([sealed, Buffer.from('PK\x03\x04hidden')]))).to.deep.equal(['ENTRY_HIDDEN']);
    const double = Buffer.concat([sealed, sealed]);
    expect(failures(double)).to.have.length(1);
  });

  it('is refused, or unchanged in content, whatever single byte is changed', function () {
    this.timeout(20_000);
    const good = readPackage(sealed).files;
    const directory = Buffer.from(sealed).readUInt32LE(sealed.length - 6);
    for (let at = 0; at < sealed.length; at += at < directory && at > 200 ? 37 : 1) {
      const bad = Uint8Array.from(sealed);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      if (!verifyOfd(bad, { at: LATER }).valid) continue;
      expect([...readPackage(bad).files], `byte ${at}`).to.deep.equal([...good]);
    }
  });

  describe('of another maker', () => {
    const foreign = { name: 'Other', version: '1', company: '' };

    it('is taken without our exact form', async () => {
      const theirs = await office.press({ provider: foreign });
      const list = textOf(LIST, theirs).replace('Type="Seal" ', '').replace('ID="s001"', 'ID="1"');
      expect(failures(repacked({ [LIST]: Buffer.from(list) }, theirs))).to.deep.equal([]);
      expect(warnings(repacked({ [LIST]: Buffer.from(list) }, theirs))).to.deep.equal(['TYPE_MISSING']);
    });

    it('is warned of when only OFD.xml is uncovered, and refused when a page is', async () => {
      const pressWithout = async (path: string) => {
        const ofd = smallPackage();
        const files = new Map(ofd.files);
        files.delete(path);
        const theirs = await office.press({ provider: foreign }, { ...ofd, files });
        return repacked({ [path]: ofd.files.get(path)?.bytes }, theirs);
      };
      const bare = await pressWithout('OFD.xml');
      expect(failures(bare)).to.deep.equal([]);
      expect(warnings(bare)).to.deep.equal(['ROOT_UNCOVERED']);
      for (const path of [
        'Doc_0/Pages/Page_1/Content.xml',
        'Doc_0/Attachs/licence.json',
        'Doc_0/Res/bg.png',
        'Doc_0/Document.xml',
      ]) {
        expect(failures(await pressWithout(path)), path).to.include('UNCOVERED');
      }
    });

    it('is taken with a signature without a seal (GB/T 35275), with signed attributes and without', async () => {
      const theirs = await office.press({ provider: foreign });
      const { key, certificate } = office.signer;
      const { issuerDer, serial } = parseCertificate(certificate);
      const list = Buffer.from(textOf(LIST, theirs).replace('"Seal"', '"Sign"'));
      const description = textOf(`${SIGN}/Signature.xml`, theirs)
        .replace(/<ofd:Seal>.*<\/ofd:Seal>/, '')
        .replace('20260602030405Z', '2026-06-02 11:04:05');
      const digest = sm3(Buffer.from(description));
      const sign = async (hash: Uint8Array, withAttributes: boolean, by = key) => {
        const type = sequence(oid('1.2.840.113549.1.9.3'), setOf(oid(OID.gmData)));
        const attributes = setOf(type, sequence(oid(OID.messageDigest), setOf(octetString(hash))));
        const tagged = Uint8Array.from(attributes);
        tagged[0] = 0xa0;
        const value = await by.sign(withAttributes ? attributes : hash);
        const signer = sequence(
          integer(1),
          sequence(issuerDer, integer(serial)),
          sequence(oid(OID.sm3)),
          ...(withAttributes ? [tagged] : []),
          sequence(oid(OID.sm2Signature)),
          octetString(value),
        );
        const data = sequence(
          integer(1),
          setOf(sequence(oid(OID.sm3))),
          sequence(oid(OID.gmData)),
          element(0xa0, certificate),
          setOf(signer),
        );
        const files = {
          [LIST]: list,
          [`${SIGN}/Signature.xml`]: Buffer.from(description),
          [`${SIGN}/Seal.esl`]: undefined,
          [`${SIGN}/SignedValue.dat`]: sequence(oid(OID.gmSignedData), explicit(0, data)),
        };
        return files;
      };
      // the seal file is gone, so its reference must be gone from what is signed
      const reference = /<ofd:Reference FileRef="[^"]*Seal.esl">.*?<\/ofd:Reference>/;
      expect(failures(repacked(await sign(digest, true), theirs))).to.deep.equal(['REFERENCED_FILE_MISSING']);
      const without = description.replace(reference, '');
      const judge = async (hash: Uint8Array, withAttributes: boolean, by = key) =>
        failures(
          repacked(
            { ...(await sign(hash, withAttributes, by)), [`${SIGN}/Signature.xml`]: Buffer.from(without) },
            theirs,
          ),
        );
      const right = sm3(Buffer.from(without));
      expect(await judge(right, true)).to.deep.equal([]);
      expect(await judge(right, false)).to.deep.equal([]);
      expect(await judge(digest, true)).to.deep.equal(['DIGEST_MISMATCH']);
      expect(await judge(digest, false)).to.deep.equal(['SIGNATURE_INVALID']);
      expect(await judge(right, true, office.maker.key)).to.deep.equal(['SIGNATURE_INVALID']);
    });

    it('is warned of a path that differs in case, and refused with digests too weak', async () => {
      const ofd = smallPackage();
      const files = new Map(ofd.files);
      const document = Buffer.from(files.get('Doc_0/Document.xml')?.bytes ?? [])
        .toString()
        .replace('PublicRes.xml', 'PUBLICRES.xml');
      files.set('Doc_0/Document.xml', new PackedFile(Buffer.from(document)));
      expect(warnings(await office.press({ provider: foreign }, { ...ofd, files }))).to.deep.equal(['LOCATION_CASE']);
      const theirs = await office.press({ provider: foreign });
      for (const method of ['MD5', 'SHA1', '']) {
        const weak = textOf(`${SIGN}/Signature.xml`, theirs).replace(OID.sm3, method);
        expect(failures(repacked({ [`${SIGN}/Signature.xml`]: Buffer.from(weak) }, theirs)), method).to.include(
          'DIGEST_WEAK',
        );
      }
    });
  });

  it('is refused with a document type, whatever it declares', () => {
    const evil = textOf('OFD.xml').replace('?>', '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>');
    expect(failures(repacked({ 'OFD.xml': Buffer.from(evil) }))).to.deep.equal(['XML_MALFORMED']);
  });
});
