import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import type { House } from '../../../models/house.ts';
import { importKey, registerRemoteKey } from '../../../models/seal/key-import.ts';
import { changeKeyPassphrase } from '../../../models/seal/key-passphrase.ts';
import { openHouseKey, openKey } from '../../../models/seal/keys.ts';
import { digestSignerOf, encryptKey, exportPkcs12, issueCertificate, type SignDigest } from '../../../signing/index.ts';
import { makeMember } from '../../signing/x509/certificates.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { ISSUER, openFurnishedHouse } from '../../world/sample-entry.ts';
import { callerWith, openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { codeOf } from './code-of.ts';

const keeper = callerWith(['admin.security']);
const random = { salt: Buffer.alloc(16, 7), iv: Buffer.alloc(16, 9), iterations: 1000 };
type Member = Awaited<ReturnType<typeof makeMember>>;

eachDatabase('keys that were made elsewhere', (open) => {
  let house: TestHouse;
  const chains: Partial<Record<'SM2' | 'RSA', { leaf: Member; root: Member }>> = {};
  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await open());
    for (const algorithm of ['SM2', 'RSA'] as const) {
      const root = await makeMember(algorithm, 'root', '根');
      chains[algorithm] = { root, leaf: await makeMember(algorithm, 'signer', '某局', root) };
    }
  });
  after(() => house.close());

  const chain = (algorithm: 'SM2' | 'RSA') => chains[algorithm] ?? expect.fail();
  const forIssuer = { purpose: 'signer', organisationCode: ISSUER, maxUses: null, notAfterUse: null } as const;
  const fileOf = ({ pkcs8 }: Member) => new Uint8Array(Buffer.from(encryptKey(pkcs8, 'file secret', random)));
  const service: SignDigest = async (keyId, algorithm, digest) => {
    if (keyId !== 'theirs') throw new Error('unknown');
    return digestSignerOf(chain(algorithm).leaf.pkcs8)(digest);
  };
  const withService = (signDigest: SignDigest): House => ({ ...house, signDigest });

  it('are taken from PKCS#12, encrypted under the house’s own passphrase, and sign', async () => {
    const { leaf, root } = chain('RSA');
    const file = exportPkcs12({ key: leaf.pkcs8, certificates: [leaf.certificate, root.certificate] }, 'file secret');
    const input = { ...forIssuer, file, passphrase: 'file secret', certificates: [], maxUses: 10 };
    const view = await importKey(house, keeper, input);
    expect(view).to.deep.include({ algorithm: 'RSA', provider: 'software', uses: 0, maxUses: 10, state: 'active' });
    expect(view.subject).to.contain('CN=某局');
    const row = await house.db.rows.keys.findByPk(view.keyId);
    expect(row?.encryptedPkcs8).to.match(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const { key, material } = await openKey(house, view.keyId);
    expect(Buffer.from(key.publicKey)).to.deep.equal(Buffer.from(leaf.key.publicKey));
    expect(material.kind).to.equal('software');
    expect(material.certificates).to.have.length(2);
    expect(await codeOf(importKey(house, keeper, input))).to.equal('ALREADY_EXISTS');
  });

  it('are taken from encrypted PKCS#8 with certificates beside it', async () => {
    const { leaf, root } = chain('SM2');
    const certificates = [root.certificate, leaf.certificate];
    const input = { ...forIssuer, file: fileOf(leaf), passphrase: 'file secret', certificates };
    const { keyId } = await importKey(house, keeper, input);
    const message = Buffer.from('证照');
    expect(await (await openKey(house, keyId)).key.sign(message)).to.be.instanceOf(Uint8Array);
    const written = (await house.db.rows.auditEntries.findAll({ where: { act: 'key.import' } })).at(-1);
    expect(written?.details).to.deep.equal({
      keyId,
      purpose: 'signer',
      organisationCode: ISSUER,
      provider: 'software',
    });
  });

  it('take the place of the repository’s own', async () => {
    const root = await makeMember('SM2', 'root', '根');
    const leaf = await makeMember('SM2', 'signer', '证照库', root);
    const own = { ...forIssuer, purpose: 'repository', organisationCode: null } as const;
    const certificates = [leaf.certificate];
    await importKey(house, keeper, { ...own, file: fileOf(leaf), passphrase: 'file secret', certificates });
    const { key } = await openHouseKey(house, 'repository', 'SM2');
    expect(Buffer.from(key.publicKey)).to.deep.equal(Buffer.from(leaf.key.publicKey));
  });

  it('are refused with a wrong passphrase, no certificate, for the wrong purpose or by the wrong person', async () => {
    const root = await makeMember('SM2', 'root', '根');
    const leaf = await makeMember('SM2', 'signer', '他局', root);
    const input = { ...forIssuer, file: fileOf(leaf), passphrase: 'file secret', certificates: [leaf.certificate] };
    const wrong = [
      { passphrase: 'another' },
      { certificates: [] },
      { certificates: [root.certificate] },
      { certificates: [new Uint8Array([0x30, 0])] },
      { file: new Uint8Array(10) },
      { organisationCode: null },
      { purpose: 'repository' as const },
    ];
    for (const change of wrong)
      expect(await codeOf(importKey(house, keeper, { ...input, ...change })), JSON.stringify(change)).to.equal(
        'KEY_FILE_REFUSED',
      );
    const foreign = { ...input, organisationCode: '914100001699999999' };
    expect(await codeOf(importKey(house, keeper, foreign))).to.equal('ORGANISATION_NOT_ACTIVE');
    expect(await codeOf(importKey(house, callerWith(['bureau.officer']), input))).to.equal('FORBIDDEN');
  });

  it('are refused when their certificate is another body’s, has ended, or is not for signing', async () => {
    const root = await makeMember('SM2', 'root', '根');
    const leaf = await makeMember('SM2', 'signer', '他局', root);
    const base = {
      subject: { commonName: '他局' },
      issuer: root.certificate,
      publicKey: leaf.key.publicKey,
      signer: root.key,
      serial: 77n,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2030-01-01T00:00:00Z'),
      profile: 'signer',
    } as const;
    const take = (certificate: Uint8Array) => {
      const file = fileOf(leaf);
      return importKey(house, keeper, { ...forIssuer, file, passphrase: 'file secret', certificates: [certificate] });
    };
    const foreign = await issueCertificate({ ...base, organisationCode: '914100001699999999' });
    const ended = await issueCertificate({ ...base, notAfter: new Date('2026-02-01T00:00:00Z') });
    const authority = await issueCertificate({ ...base, profile: 'issuing' });
    for (const certificate of [foreign, ended, authority])
      expect(await codeOf(take(certificate))).to.equal('KEY_FILE_REFUSED');
    const own = await issueCertificate({ ...base, organisationCode: ISSUER });
    expect((await take(own)).organisationCode).to.equal(ISSUER);
  });

  it('are refused when they are RSA keys below 2048 bits, here and at the signing service', async () => {
    const root = chain('RSA').root;
    for (const [modulusLength, refused] of [
      [1024, true],
      [2040, true],
      [2048, false],
    ] as const) {
      const pair = generateKeyPairSync('rsa', { modulusLength });
      const pkcs8 = new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
      const certificate = await issueCertificate({
        ...{ subject: { commonName: '弱局' }, issuer: root.certificate, signer: root.key, profile: 'signer' },
        publicKey: new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' })),
        serial: BigInt(modulusLength),
        notBefore: new Date('2026-01-01T00:00:00Z'),
        notAfter: new Date('2030-01-01T00:00:00Z'),
      });
      const file = Buffer.from(encryptKey(pkcs8, 'file secret', random));
      const given = { ...forIssuer, certificates: [certificate] };
      const taken = importKey(house, keeper, { ...given, file, passphrase: 'file secret' });
      if (!refused) {
        expect((await taken).algorithm).to.equal('RSA');
        continue;
      }
      expect(await faultOf(taken)).to.include({ code: 'KEY_FILE_REFUSED', detail: 'KEY_WEAK' });
      const mine = withService(async (_keyId, _algorithm, digest) => digestSignerOf(pkcs8)(digest));
      const remote = { ...given, remoteKeyId: 'theirs', algorithm: 'RSA' as const };
      const fault = await faultOf(registerRemoteKey(mine, keeper, remote));
      expect(fault).to.include({ code: 'KEY_FILE_REFUSED', detail: 'KEY_WEAK' });
    }
  });

  it('stay at the signing service when it shows that it has them', async () => {
    const root = await makeMember('SM2', 'root', '根');
    const mine = withService(service);
    const input = {
      ...forIssuer,
      remoteKeyId: 'theirs',
      algorithm: 'SM2' as const,
      certificates: [chain('SM2').leaf.certificate],
    };
    expect(await codeOf(registerRemoteKey(house, keeper, input))).to.equal('KEY_SERVICE_UNAVAILABLE');
    expect(await codeOf(registerRemoteKey(mine, keeper, { ...input, certificates: [root.certificate] }))).to.equal(
      'KEY_FILE_REFUSED',
    );
    expect(await codeOf(registerRemoteKey(mine, keeper, { ...input, algorithm: 'RSA' }))).to.equal('KEY_FILE_REFUSED');
    await house.db.rows.keys.destroy({ where: { organisationCode: ISSUER, algorithm: 'SM2' } });
    const { keyId, provider } = await registerRemoteKey(mine, keeper, input);
    expect(provider).to.equal('remote');
    const row = await house.db.rows.keys.findByPk(keyId);
    expect([row?.encryptedPkcs8, row?.remoteKeyId]).to.deep.equal(['', 'theirs']);
    const opened = await openKey(mine, keyId);
    expect(opened.material).to.deep.include({ kind: 'remote', keyId: 'theirs', algorithm: 'SM2' });
    expect(await opened.key.sign(Buffer.from('证照'))).to.be.instanceOf(Uint8Array);
    expect(() => opened.pkcs8)
      .to.throw()
      .with.property('code', 'KEY_NOT_HERE');
  });
});

eachDatabase('the passphrase of all keys', (open) => {
  let house: TestHouse;
  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await open());
  });
  after(() => house.close());

  it('is changed for all of them or none', async function () {
    this.timeout(60_000);
    const count = await house.db.rows.keys.count();
    expect(await codeOf(changeKeyPassphrase(house, keeper, 'too short'))).to.equal('KEY_FILE_REFUSED');
    const wrong = { ...house, keyPassphrase: 'not the one' };
    expect(await codeOf(changeKeyPassphrase(wrong, keeper, 'a new passphrase, long'))).to.equal('KEY_FILE_REFUSED');
    expect(await changeKeyPassphrase(house, keeper, 'a new passphrase, long')).to.equal(count);
    const row = await house.db.rows.keys.findOne();
    const pem = row?.encryptedPkcs8 ?? '';
    expect(pem).to.match(/^-----BEGIN ENCRYPTED/);
    expect(await codeOf(changeKeyPassphrase(house, keeper, 'yet another passphrase'))).to.equal('KEY_FILE_REFUSED');
    const renewed = { ...house, keyPassphrase: 'a new passphrase, long' };
    expect(await changeKeyPassphrase(renewed, keeper, 'a passphrase for tests')).to.equal(count);
    expect(await codeOf(changeKeyPassphrase(house, callerWith(['admin.system']), 'a new passphrase, long'))).to.equal(
      'FORBIDDEN',
    );
  });
});
