import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OID } from '../../../signing/der/oids.ts';
import { decryptKey, encryptKey, openSoftwareKey } from '../../../signing/keys/encrypt-key.ts';
import { fromPemOrDer, toPem } from '../../../signing/keys/pem.ts';
import { exportPkcs12, importPkcs12 } from '../../../signing/keys/pkcs12.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { verifySigned } from '../../../signing/x509/verify-signed.ts';
import { makeMember } from '../x509/certificates.ts';

const random = { salt: Buffer.alloc(16, 7), iv: Buffer.alloc(16, 9), iterations: 1000 };

describe('software keys', () => {
  for (const [algorithm, signature] of [
    ['SM2', OID.sm2WithSm3],
    ['RSA', OID.sha256WithRsa],
  ] as const) {
    it(`sign with ${algorithm} after being encrypted and opened`, async () => {
      const pkcs8 = generateSoftwareKey(algorithm);
      const pem = encryptKey(pkcs8, '口令 pass', random);
      expect(encryptKey(pkcs8, '口令 pass', random)).to.equal(pem);
      const key = openSoftwareKey(pem, '口令 pass');
      expect(key.algorithm).to.equal(algorithm);
      const message = Buffer.from('证照');
      expect(verifySigned(signature, key.publicKey, message, await key.sign(message))).to.equal(true);
      expect(Buffer.from(key.publicKey)).to.deep.equal(Buffer.from(softwareKeyFromPkcs8(pkcs8).publicKey));
      expect(() => openSoftwareKey(pem, 'wrong'))
        .to.throw()
        .with.property('code', 'KEY_UNUSABLE');
    });

    it(`of ${algorithm} are exchanged with openssl`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'zk-keys-'));
      try {
        const pkcs8 = generateSoftwareKey(algorithm);
        writeFileSync(join(folder, 'key.pem'), encryptKey(pkcs8, 'secret', random));
        const der = execFileSync('openssl', [
          'pkey',
          '-in',
          join(folder, 'key.pem'),
          '-passin',
          'pass:secret',
          '-pubout',
          '-outform',
          'DER',
        ]);
        expect(der).to.deep.equal(Buffer.from(softwareKeyFromPkcs8(pkcs8).publicKey));
        const again = execFileSync(
          'openssl',
          ['pkcs8', '-topk8', '-in', join(folder, 'key.pem'), '-passin', 'pass:secret', '-passout', 'pass:other'],
          { encoding: 'utf8' },
        );
        expect(openSoftwareKey(again, 'other').algorithm).to.equal(algorithm);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  it('are not opened when they are of another kind', () => {
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' });
    expect(() => softwareKeyFromPkcs8(p256))
      .to.throw()
      .with.property('code', 'UNSUPPORTED');
  });
});

describe('PEM', () => {
  it('gives every block of the wanted kind, and DER as it is', () => {
    const text = Buffer.from(
      `remark\n${toPem('CERTIFICATE', Buffer.alloc(100, 1))}${toPem('X509 CRL', Buffer.of(2))}${toPem('CERTIFICATE', Buffer.of(3))}`,
    );
    expect(fromPemOrDer(text, 'CERTIFICATE').map((der) => der.length)).to.deep.equal([100, 1]);
    expect(fromPemOrDer(Buffer.of(0x30, 0), 'CERTIFICATE')).to.have.length(1);
    expect(() => fromPemOrDer(Buffer.from('nothing'), 'CERTIFICATE'))
      .to.throw()
      .with.property('code', 'MALFORMED');
  });
});

describe('PKCS#12', () => {
  it('carries an RSA key and its certificates unchanged', async () => {
    const root = await makeMember('RSA', 'root', '根');
    const leaf = await makeMember('RSA', 'signer', '签名人', root);
    const file = exportPkcs12({ key: leaf.pkcs8, certificates: [leaf.certificate, root.certificate] }, 'secret');
    const content = importPkcs12(file, 'secret');
    expect(content.certificates.map((der) => Buffer.from(der).toString('hex'))).to.have.members(
      [leaf.certificate, root.certificate].map((der) => Buffer.from(der).toString('hex')),
    );
    expect(Buffer.from(softwareKeyFromPkcs8(content.key).publicKey)).to.deep.equal(Buffer.from(leaf.key.publicKey));
    expect(() => importPkcs12(file, 'wrong'))
      .to.throw()
      .with.property('code', 'KEY_UNUSABLE');
  });

  it('is not offered for SM2', () => {
    expect(() => exportPkcs12({ key: generateSoftwareKey('SM2'), certificates: [] }, 'x'))
      .to.throw()
      .with.property('code', 'UNSUPPORTED');
    expect(() => decryptKey('nothing', 'x'))
      .to.throw()
      .with.property('code', 'KEY_UNUSABLE');
  });
});
