import { execFileSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseDer } from '../../../signing/der/read-der.ts';
import { openEnvelope, openEnvelopeHead, writeEnvelopeHead } from '../../../signing/index.ts';
import { fromPemOrDer } from '../../../signing/keys/pem.ts';
import { decryptSm2, encryptSm2 } from '../../../signing/sm2/encrypt-sm2.ts';
import { requireProgram } from '../../world/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';

describe('an envelope of GB/T 35275', () => {
  let folder: TemporaryFolder;
  let certificate: Uint8Array;
  let pkcs8: Uint8Array;
  const at = (name: string) => join(folder.path, name);
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });

  before(function () {
    requireProgram(this, 'openssl');
    folder = temporaryFolder();
    openssl('genpkey', '-algorithm', 'SM2', '-out', at('key.pem'));
    openssl('req', '-new', '-x509', '-key', at('key.pem'), '-sm3', '-subj', '/CN=recipient', '-out', at('cert.pem'));
    [certificate = new Uint8Array()] = fromPemOrDer(readFileSync(at('cert.pem')), 'CERTIFICATE');
    [pkcs8 = new Uint8Array()] = fromPemOrDer(readFileSync(at('key.pem')), 'PRIVATE KEY');
  });

  after(() => folder.remove());

  function seal(plain: Uint8Array): Buffer {
    const [key, iv] = [randomBytes(16), randomBytes(16)];
    const cipher = createCipheriv('sm4-cbc', key, iv);
    const content = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([
      writeEnvelopeHead({ certificate, key, iv, length: content.length, random: randomBytes }),
      content,
    ]);
  }

  it('is opened by OpenSSL: the key by SM2, the content by SM4-CBC', () => {
    for (const size of [0, 16, 70_000, 20_000_000]) {
      const plain = Buffer.alloc(size, '证照');
      const envelope = seal(plain);
      expect(parseDer(envelope).raw).to.have.length(envelope.length);
      expect(Buffer.compare(openEnvelope(envelope, pkcs8), plain)).to.equal(0);
      const { contentFrom } = openEnvelopeHead(envelope.subarray(0, 4096), envelope.length, pkcs8);
      expect(envelope.length - contentFrom).to.equal(16 * Math.ceil((size + 1) / 16));
      if (size > 100_000) continue;
      writeFileSync(at('envelope'), envelope);
      const lines = openssl('asn1parse', '-inform', 'DER', '-in', at('envelope')).toString('utf8').split('\n');
      const octets = lines.filter((line) => /OCTET STRING/.test(line));
      const offsetOf = (line = '') => /^\s*(\d+):/.exec(line)?.[1] ?? '';
      openssl(
        'asn1parse',
        '-inform',
        'DER',
        '-in',
        at('envelope'),
        '-strparse',
        offsetOf(octets[0]),
        '-out',
        at('key'),
        '-noout',
      );
      openssl('pkeyutl', '-decrypt', '-inkey', at('key.pem'), '-in', at('key'), '-out', at('sm4'));
      const iv = /\[HEX DUMP\]:([0-9A-F]{32})/.exec(octets[1] ?? '')?.[1] ?? '';
      const content = lines.filter((line) => /cont \[ 0 \]/.test(line)).at(-1);
      const start = Number(offsetOf(content)) + Number(/hl=(\d+)/.exec(content ?? '')?.[1]);
      writeFileSync(at('content'), envelope.subarray(start));
      const opened = openssl(
        'enc',
        '-d',
        '-sm4-cbc',
        '-K',
        readFileSync(at('sm4')).toString('hex'),
        '-iv',
        iv,
        '-in',
        at('content'),
      );
      expect(Buffer.compare(opened, plain)).to.equal(0);
    }
  }).timeout(20_000);

  it('gives a key that OpenSSL has encrypted, and refuses altered ones, another key and another algorithm', () => {
    const key = randomBytes(16);
    writeFileSync(at('plain'), key);
    openssl('pkeyutl', '-encrypt', '-certin', '-inkey', at('cert.pem'), '-in', at('plain'), '-out', at('theirs'));
    expect(Buffer.compare(decryptSm2(pkcs8, readFileSync(at('theirs'))), key)).to.equal(0);
    const envelope = seal(Buffer.from('x'));
    expect(() => openEnvelope(Buffer.concat([envelope, Buffer.alloc(1)]), pkcs8))
      .to.throw()
      .with.property('code', 'MALFORMED');
    openssl('genpkey', '-algorithm', 'SM2', '-out', at('other.pem'));
    const [other = new Uint8Array()] = fromPemOrDer(readFileSync(at('other.pem')), 'PRIVATE KEY');
    expect(() => openEnvelope(envelope, other))
      .to.throw()
      .with.property('code', 'KEY_UNUSABLE');
    const sm4Ecb = Buffer.from(envelope.toString('hex').replace('2a811ccf55016802', '2a811ccf55016801'), 'hex');
    expect(() => openEnvelope(sm4Ecb, pkcs8))
      .to.throw()
      .with.property('code', 'UNSUPPORTED');
  });

  it('follows the example of GB/T 32918.5 with its nonce', () => {
    const point = Buffer.from(
      '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
      'hex',
    );
    const nonce = Buffer.from('59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21', 'hex');
    const made = Buffer.from(encryptSm2(point, Buffer.from('encryption standard'), () => nonce)).toString('hex');
    expect(made).to.include('59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766');
    expect(made).to.include('21886ca989ca9c7d58087307ca93092d651efa');
  });
});
