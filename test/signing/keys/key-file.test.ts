import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import forge from 'node-forge';
import { changePassphrase, decryptKey, encryptKey } from '../../../signing/keys/encrypt-key.ts';
import { openKeyFile } from '../../../signing/keys/key-file.ts';
import { fromPemOrDer, toPem } from '../../../signing/keys/pem.ts';
import { importPkcs12 } from '../../../signing/keys/pkcs12.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { makeMember } from '../x509/certificates.ts';

const hex = (der: Uint8Array) => Buffer.from(der).toString('hex');
const refusal = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
};

describe('key files that openssl wrote', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const read = (name: string) => new Uint8Array(readFileSync(at(name)));
  type Member = Awaited<ReturnType<typeof makeMember>>;
  const chains: Partial<Record<'SM2' | 'RSA', { leaf: Member; issuing: Member; root: Member }>> = {};
  let openssl = '';
  const run = (...args: string[]) => execFileSync(openssl, args, { stdio: 'pipe' });

  before(async function () {
    this.timeout(20_000);
    openssl = requireProgram(this, 'openssl');
    for (const algorithm of ['SM2', 'RSA'] as const) {
      const root = await makeMember(algorithm, 'root', '根');
      const issuing = await makeMember(algorithm, 'issuing', '签发', root);
      const leaf = await makeMember(algorithm, 'signer', '签章人', issuing);
      chains[algorithm] = { root, issuing, leaf };
      writeFileSync(at(`${algorithm}.key`), toPem('PRIVATE KEY', leaf.pkcs8));
      writeFileSync(at(`${algorithm}.crt`), toPem('CERTIFICATE', leaf.certificate));
      // the chain the wrong way round, as it is often handed over
      writeFileSync(at(`${algorithm}.chain`), [root, issuing].map((m) => toPem('CERTIFICATE', m.certificate)).join(''));
    }
  });
  after(() => folder.remove());

  const chainOf = (algorithm: 'SM2' | 'RSA') => {
    const { leaf, issuing, root } = chains[algorithm] ?? expect.fail();
    return [leaf, issuing, root].map(({ certificate }) => hex(certificate));
  };

  const SHAPES: Readonly<Record<string, readonly string[]>> = {
    'as it does by default': [],
    'with the algorithms of old (-legacy)': ['-legacy'],
    'with AES-128 and a MAC of SHA-512': ['-keypbe', 'aes-128-cbc', '-certpbe', 'aes-192-cbc', '-macalg', 'sha512'],
    'with 3DES and a MAC of SHA-1': ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    'with its certificates in clear': ['-certpbe', 'NONE'],
    'with many rounds': ['-iter', '100000'],
    'with names on its bags': ['-name', '单位签名', '-caname', 'above'],
  };
  for (const algorithm of ['RSA', 'SM2'] as const) {
    for (const [shape, options] of Object.entries(SHAPES)) {
      it(`open: PKCS#12 of ${algorithm} ${shape}`, function () {
        this.timeout(20_000);
        const files = ['-inkey', at(`${algorithm}.key`), '-in', at(`${algorithm}.crt`)];
        const more = ['-certfile', at(`${algorithm}.chain`), '-out', at('x.p12'), '-passout', 'pass:Secret 1'];
        run('pkcs12', '-export', ...files, ...more, ...options);
        const content = openKeyFile(read('x.p12'), 'Secret 1');
        expect(content.algorithm).to.equal(algorithm);
        expect(content.certificates.map(hex)).to.deep.equal(chainOf(algorithm));
        const { leaf } = chains[algorithm] ?? expect.fail();
        expect(hex(softwareKeyFromPkcs8(content.pkcs8).publicKey)).to.equal(hex(leaf.key.publicKey));
        expect(refusal(() => openKeyFile(read('x.p12'), 'secret 1'))).to.equal('KEY_UNUSABLE');
        expect(refusal(() => openKeyFile(read('x.p12'), ''))).to.equal('KEY_UNUSABLE');
      });
    }

    for (const options of [[], ['-legacy'], ['-macalg', 'sha512']]) {
      it(`open: PKCS#12 of ${algorithm} under a passphrase in Chinese ${options.join(' ')}`, () => {
        const files = ['-inkey', at(`${algorithm}.key`), '-in', at(`${algorithm}.crt`), '-out', at('x.p12')];
        run('pkcs12', '-export', ...files, '-passout', 'pass:证照库口令 1', ...options);
        expect(openKeyFile(read('x.p12'), '证照库口令 1').algorithm).to.equal(algorithm);
        expect(refusal(() => openKeyFile(read('x.p12'), '证照库口令 2'))).to.equal('KEY_UNUSABLE');
      });
    }

    for (const form of ['PEM', 'DER'] as const) {
      it(`open: encrypted PKCS#8 of ${algorithm} in ${form}, with certificates beside it`, () => {
        const args = ['-topk8', '-in', at(`${algorithm}.key`), '-outform', form, '-out', at('x.p8')];
        run('pkcs8', ...args, '-passout', 'pass:口令 x');
        const beside = [
          ...fromPemOrDer(read(`${algorithm}.chain`), 'CERTIFICATE'),
          ...fromPemOrDer(read(`${algorithm}.crt`), 'CERTIFICATE'),
        ];
        const content = openKeyFile(read('x.p8'), '口令 x', beside);
        expect(content.certificates.map(hex)).to.deep.equal(chainOf(algorithm));
        expect(refusal(() => openKeyFile(read('x.p8'), '口令 y', beside))).to.equal('KEY_UNUSABLE');
        expect(refusal(() => openKeyFile(read('x.p8'), '口令 x', beside.slice(0, 2)))).to.equal('KEY_UNUSABLE');
        expect(refusal(() => openKeyFile(read('x.p8'), '口令 x'))).to.equal('KEY_UNUSABLE');
      });
    }
  }

  it('are refused without a key, with several, and when they are something else', () => {
    run('pkcs12', '-export', '-nokeys', '-in', at('RSA.crt'), '-out', at('none.p12'), '-passout', 'pass:x');
    expect(refusal(() => importPkcs12(read('none.p12'), 'x'))).to.equal('KEY_UNUSABLE');
    expect(() => importPkcs12(severalKeys('x'), 'x'))
      .to.throw()
      .with.deep.property('details', { keys: 2 });
    expect(refusal(() => openKeyFile(Buffer.from('nothing'), 'x'))).to.equal('MALFORMED');
    expect(refusal(() => openKeyFile(Buffer.of(0x30, 0), 'x'))).to.equal('KEY_UNUSABLE');
    expect(refusal(() => openKeyFile(read('RSA.key'), 'x'))).to.equal('MALFORMED');
    expect(refusal(() => importPkcs12(Buffer.alloc(1_000_001, 0x30), 'x'))).to.equal('TOO_LARGE');
  });

  it('are refused when their key is of a curve we do not sign with', () => {
    run('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at('p256.key'));
    run('req', '-x509', '-new', '-key', at('p256.key'), '-subj', '/CN=p256', '-out', at('p256.crt'));
    const files = ['-inkey', at('p256.key'), '-in', at('p256.crt'), '-out', at('p256.p12')];
    run('pkcs12', '-export', ...files, '-passout', 'pass:x');
    expect(refusal(() => openKeyFile(read('p256.p12'), 'x'))).to.equal('UNSUPPORTED');
  });

  it('open under a new passphrase and no longer under the old one', () => {
    const random = { salt: Buffer.alloc(16, 7), iv: Buffer.alloc(16, 9), iterations: 1000 };
    const other = { ...random, iv: Buffer.alloc(16, 1) };
    for (const algorithm of ['SM2', 'RSA'] as const) {
      const pkcs8 = generateSoftwareKey(algorithm);
      const changed = changePassphrase(encryptKey(pkcs8, 'old', random), 'old', 'new', other);
      expect(hex(decryptKey(changed, 'new'))).to.equal(hex(pkcs8));
      expect(refusal(() => decryptKey(changed, 'old'))).to.equal('KEY_UNUSABLE');
      expect(refusal(() => changePassphrase(changed, 'old', 'new', other))).to.equal('KEY_UNUSABLE');
    }
  });

  /** Two key bags in one file, which no openssl command writes. */
  function severalKeys(passphrase: string): Uint8Array {
    const certificate = forge.pki.certificateFromPem(readFileSync(at('RSA.crt'), 'utf8'));
    const one = forge.pkcs12.toPkcs12Asn1(rsa(), certificate, passphrase, { algorithm: 'aes256', useMac: false });
    const two = forge.pkcs12.toPkcs12Asn1(rsa(), certificate, passphrase, { algorithm: 'aes256', useMac: false });
    const safes = [one, two].map((pfx) => forge.asn1.fromDer(octetsOf(pfx)));
    const joined = forge.asn1.toDer({
      ...(safes[0] ?? expect.fail()),
      value: safes.flatMap(({ value }) => value as forge.asn1.Asn1[]),
    });
    const holder = ((one.value[1] as forge.asn1.Asn1).value[1] as forge.asn1.Asn1).value[0] as forge.asn1.Asn1;
    holder.value = joined.getBytes();
    return new Uint8Array(Buffer.from(forge.asn1.toDer(one).getBytes(), 'binary'));
  }

  function octetsOf(pfx: forge.asn1.Asn1): string {
    const content = (pfx.value[1] as forge.asn1.Asn1).value[1] as forge.asn1.Asn1;
    return (content.value[0] as forge.asn1.Asn1).value as string;
  }

  function rsa(): forge.pki.rsa.PrivateKey {
    return forge.pki.privateKeyFromPem(readFileSync(at('RSA.key'), 'utf8'));
  }
});
