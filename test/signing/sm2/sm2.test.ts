import { execFileSync } from 'node:child_process';
import { createHmac, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { sm2 } from 'sm-crypto-v2';
import { integer, sequence } from '../../../signing/der/write-der.ts';
import { fromField, SM2_CURVE, toSm2Point, toSm2Spki } from '../../../signing/sm2/curve.ts';
import { identityDigest } from '../../../signing/sm2/identity.ts';
import { NATIVE_SM2 } from '../../../signing/sm2/native-sm2.ts';
import { PORTABLE_SM2, signWithNonce } from '../../../signing/sm2/portable-sm2.ts';
import { selfTestSm2 } from '../../../signing/sm2/self-test-sm2.ts';
import { openSm2Key, signSm2 } from '../../../signing/sm2/sign-sm2.ts';
import { fromRawSm2Signature, parseSm2Signature } from '../../../signing/sm2/signature-value.ts';
import { sm3 } from '../../../signing/sm2/sm3.ts';
import { verifySm2 } from '../../../signing/sm2/verify-sm2.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** GB/T 32918.5-2017 annex A.2. */
const VECTOR = {
  message: Buffer.from('message digest'),
  d: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  k: '59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21',
  point: hex(
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
      'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  ),
  identity: 'b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3',
  r: 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
  s: 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
};
const VALUE = fromRawSm2Signature(hex(VECTOR.r + VECTOR.s));

function freshKey() {
  const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' });
  return {
    pkcs8: pair.privateKey.export({ format: 'der', type: 'pkcs8' }),
    spki: pair.publicKey.export({ format: 'der', type: 'spki' }),
    object: pair.privateKey,
  };
}

describe('SM3', () => {
  it('gives the published digests', () => {
    expect(Buffer.from(sm3(Buffer.from('abc'))).toString('hex')).to.equal(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
    expect(Buffer.from(sm3(...Array.from({ length: 16 }, () => Buffer.from('abcd')))).toString('hex')).to.equal(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    );
    expect(createHmac('sm3', 'key').update('abc').digest('hex')).to.equal(
      '28e63256e7c5a087b1f073265dc53092163f7b82729735d06f28f10af9d52393',
    );
  });
});

describe('SM2', () => {
  it('passes its self test on Node’s own cryptography', () => {
    expect(selfTestSm2()).to.equal('native');
  });

  it('reproduces the published example to the last bit', () => {
    expect(Buffer.from(identityDigest(VECTOR.point)).toString('hex')).to.equal(VECTOR.identity);
    const digest = fromField(sm3(hex(VECTOR.identity), VECTOR.message));
    const value = signWithNonce(fromField(hex(VECTOR.d)), digest, fromField(hex(VECTOR.k)));
    expect(value?.r.toString(16)).to.equal(VECTOR.r);
    expect(value?.s.toString(16)).to.equal(VECTOR.s);
  });

  it('verifies the published example given a point or an SPKI, in both implementations', () => {
    expect(verifySm2(VECTOR.point, VECTOR.message, VALUE)).to.equal(true);
    expect(verifySm2(toSm2Spki(VECTOR.point), VECTOR.message, VALUE)).to.equal(true);
    for (const engine of [NATIVE_SM2, PORTABLE_SM2]) {
      expect(engine.verify(VECTOR.point, hex(VECTOR.identity), VECTOR.message, VALUE), engine.name).to.equal(true);
    }
  });

  it('signs what it verifies, from PKCS#8 and from a fresh key object alike', () => {
    const key = freshKey();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        expect(verifySm2(key.spki, message, signSm2(key.pkcs8, message))).to.equal(true);
        expect(verifySm2(key.spki, message, signSm2(key.object, message))).to.equal(true);
        expect(
          verifySm2(
            key.spki,
            message,
            signSm2(createPrivateKey({ key: key.pkcs8, format: 'der', type: 'pkcs8' }), message, 'other'),
          ),
        ).to.equal(false);
      }),
      { numRuns: 10 },
    );
  });

  it('agrees with an independent library both ways', () => {
    const key = freshKey();
    const opened = openSm2Key(key.pkcs8);
    const at = key.pkcs8.indexOf(hex('0201010420')) + 5;
    const secret = key.pkcs8.subarray(at, at + 32).toString('hex');
    const point = Buffer.from(opened.point).toString('hex');
    const message = Buffer.from('电子证照');
    const theirs = sm2.doSignature(message, secret, { hash: true, der: true, publicKey: point });
    expect(verifySm2(key.spki, message, hex(theirs))).to.equal(true);
    const ours = Buffer.from(signSm2(key.pkcs8, message)).toString('hex');
    expect(sm2.doVerifySignature(message, ours, point, { hash: true, der: true })).to.equal(true);
    const portable = PORTABLE_SM2.sign(opened, identityDigest(opened.point), message);
    expect(verifySm2(key.spki, message, portable)).to.equal(true);
  });

  it('agrees with openssl both ways', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zk-sm2-'));
    try {
      const file = (name: string) => join(folder, name);
      const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
      openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2', '-out', file('key.pem'));
      openssl('pkey', '-in', file('key.pem'), '-outform', 'DER', '-out', file('key.der'));
      openssl('pkey', '-in', file('key.pem'), '-pubout', '-out', file('pub.pem'));
      const key = createPrivateKey({ key: openssl('pkey', '-in', file('key.pem')), format: 'pem' });
      const message = Buffer.from('agreement');
      writeFileSync(file('message'), message);
      writeFileSync(file('ours'), signSm2(key, message));
      const id = ['-pkeyopt', 'distid:1234567812345678'];
      const verified = openssl(
        'pkeyutl',
        '-verify',
        '-pubin',
        '-inkey',
        file('pub.pem'),
        '-rawin',
        '-digest',
        'sm3',
        ...id,
        '-in',
        file('message'),
        '-sigfile',
        file('ours'),
      );
      expect(verified).to.contain('Verified Successfully');
      const theirs = execFileSync('openssl', [
        'pkeyutl',
        '-sign',
        '-inkey',
        file('key.pem'),
        '-rawin',
        '-digest',
        'sm3',
        ...id,
        '-in',
        file('message'),
      ]);
      expect(verifySm2(openSm2Key(key).point, message, theirs)).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says false, without a throw, for every damaged byte of a signature', () => {
    const changed: number[] = [];
    for (let at = 0; at < VALUE.length; at++) {
      for (const flip of [0x01, 0x80]) {
        const bad = Uint8Array.from(VALUE);
        bad[at] = (bad[at] ?? 0) ^ flip;
        if (verifySm2(VECTOR.point, VECTOR.message, bad)) changed.push(at);
      }
    }
    expect(changed).to.deep.equal([]);
  });

  it('says false for signatures out of form or range', () => {
    const { r, s } = parseSm2Signature(VALUE);
    const bad: Record<string, Uint8Array> = {
      'r zero': sequence(integer(0), integer(s)),
      's zero': sequence(integer(r), integer(0)),
      'r plus n': sequence(integer(r + SM2_CURVE.n), integer(s)),
      's minus n': sequence(integer(r), integer(s - SM2_CURVE.n)),
      'a third number': sequence(integer(r), integer(s), integer(1)),
      'trailing byte': Buffer.concat([VALUE, Buffer.of(0)]),
      'raw form': hex(VECTOR.r + VECTOR.s),
      nothing: new Uint8Array(),
      'missing sign octet': Buffer.concat([hex('30440220'), hex(VECTOR.r), hex('0220'), hex(VECTOR.s)]),
    };
    for (const [name, value] of Object.entries(bad)) {
      expect(verifySm2(VECTOR.point, VECTOR.message, value), name).to.equal(false);
    }
  });

  it('says false for keys that are no SM2 keys', () => {
    const offCurve = Buffer.from(VECTOR.point);
    offCurve[64] = (offCurve[64] ?? 0) ^ 1;
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const foreign = p256.publicKey.export({ format: 'der', type: 'spki' });
    for (const key of [
      offCurve,
      toSm2Spki(offCurve),
      foreign,
      foreign.subarray(-65),
      VECTOR.point.subarray(1),
      new Uint8Array(),
    ]) {
      expect(verifySm2(key, VECTOR.message, VALUE)).to.equal(false);
    }
    expect(() => toSm2Point(offCurve))
      .to.throw()
      .with.property('code', 'KEY_UNUSABLE');
    expect(() => signSm2(p256.privateKey, VECTOR.message))
      .to.throw()
      .with.property('code', 'KEY_UNUSABLE');
  });

  it('gives another result for another identity', () => {
    expect(verifySm2(VECTOR.point, VECTOR.message, VALUE, '')).to.equal(false);
    expect(verifySm2(VECTOR.point, VECTOR.message, VALUE, 'ALICE123@YAHOO.COM')).to.equal(false);
  });
});
