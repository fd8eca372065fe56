import { expect } from 'chai';
import { OID } from '../../../signing/der/oids.ts';
import {
  bitString,
  certificateTime,
  explicit,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  sequence,
  utf8String,
} from '../../../signing/der/write-der.ts';
import { makeSeal } from '../../../signing/seal/make-seal.ts';
import { parseSeal, parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import { stamp } from '../../../signing/seal/stamp.ts';
import { verifyStamp } from '../../../signing/seal/verify-stamp.ts';
import { toField } from '../../../signing/sm2/curve.ts';
import { parseSm2Signature } from '../../../signing/sm2/signature-value.ts';
import { sm3 } from '../../../signing/sm2/sm3.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { LATER, MADE, makeOffice, SIGNED } from '../ofd/sealed-package.ts';
import { makeMember } from '../x509/certificates.ts';

const HASH = sm3(Buffer.from('protected'));

describe('seals and stamps of GB/T 38540', () => {
  let office: Awaited<ReturnType<typeof makeOffice>>;
  let pressed: Uint8Array;
  before(async () => {
    office = await makeOffice();
    pressed = await stamp({ seal: office.seal, at: SIGNED, dataHash: HASH, propertyInfo: '/x', signer: office.signer });
  });

  const failures = (der: Uint8Array, strict = true, dataHash = HASH) => {
    const store = trustStoreOf(office.policy);
    const judged = verifyStamp(parseSesSignature(der), { dataHash, store, where: 'x', strict });
    return judged.checks.filter((one) => one.outcome === 'failed').map((one) => one.code);
  };

  it('are read back as they were made', () => {
    const read = parseSesSignature(pressed);
    expect(read.signedAt).to.deep.equal(SIGNED);
    expect(read.propertyInfo).to.equal('/x');
    expect(read.seal.name).to.equal('测试专用章');
    expect(read.seal.vendor).to.equal('Zhengku');
    expect(read.seal.esId).to.equal('41010000000001');
    expect(read.seal.picture).to.include({ type: 'png', widthMm: 42, heightMm: 42 });
    expect(read.seal.validFrom).to.deep.equal(MADE);
    expect(Buffer.compare(read.seal.raw, office.seal)).to.equal(0);
    expect(failures(pressed)).to.deep.equal([]);
  });

  it('are refused when any byte of the stamp is changed', () => {
    const survivors: number[] = [];
    for (let at = 0; at < pressed.length; at++) {
      if (at > 600 && at < 3400 && at % 40 !== 0) continue; // the picture is a long run of one byte
      const bad = Uint8Array.from(pressed);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      try {
        if (failures(bad).length === 0) survivors.push(at);
      } catch (error) {
        expect(error).to.have.property('code').that.is.oneOf(['MALFORMED', 'UNSUPPORTED']);
      }
    }
    expect(survivors).to.deep.equal([]);
  }).timeout(20_000);

  it('do not protect anything else', () => {
    expect(failures(pressed, true, sm3(Buffer.from('other')))).to.deep.equal(['DIGEST_MISMATCH']);
  });

  it('are not pressed by a signer whom the seal does not list', async () => {
    const other = await office.member('另一局');
    const request = { seal: office.seal, at: SIGNED, dataHash: HASH, propertyInfo: '/x', signer: other };
    await stamp(request).then(
      () => expect.fail('pressed'),
      (error: unknown) => expect(error).to.have.property('code', 'SEAL_UNFIT'),
    );
  });

  it('are not pressed outside the validity of seal or certificate', async () => {
    const press = (at: Date) =>
      stamp({ seal: office.seal, at, dataHash: HASH, propertyInfo: '/x', signer: office.signer }).then(
        () => 'pressed',
        (error: { code: string }) => error.code,
      );
    expect(await press(new Date('2026-05-01T00:00:00Z'))).to.equal('SEAL_UNFIT');
    expect(await press(new Date('2028-01-01T00:00:01Z'))).to.equal('SEAL_UNFIT');
    expect(await press(SIGNED)).to.equal('pressed');
  });

  it('fail when another signer signs with the seal of the first', async () => {
    const other = await office.member('另一局');
    const read = parseSesSignature(pressed);
    const forged = sequence(
      read.signedBytes,
      octetString(other.certificate),
      oid(OID.sm2WithSm3),
      bitString(await other.key.sign(read.signedBytes)),
    );
    expect(failures(forged)).to.deep.equal(['SEAL_SIGNER_UNLISTED']);
  });

  it('fail when the signer made the seal for himself', async () => {
    const own = await office.sealFor(office.signer.certificate, '自制章', office.signer);
    const forged = await stamp({ seal: own, at: SIGNED, dataHash: HASH, propertyInfo: '/x', signer: office.signer });
    expect(failures(forged)).to.deep.equal(['SEAL_MAKER_UNFIT']);
  });

  it('fail when the maker of the seal leads to no anchor', async () => {
    const stranger = await makeMember('SM2', 'seal-maker', '外来制章人');
    const seal = await office.sealFor(office.signer.certificate, '外来章', stranger);
    const forged = await stamp({ seal, at: SIGNED, dataHash: HASH, propertyInfo: '/x', signer: office.signer });
    expect(failures(forged)).to.deep.equal(['UNTRUSTED']);
  });

  it('are taken with a raw signature value from others, with a warning, never from ourselves', () => {
    const read = parseSesSignature(pressed);
    const { r, s } = parseSm2Signature(read.signature);
    const raw = bitString(Buffer.concat([toField(r), toField(s)]));
    const foreign = sequence(read.signedBytes, octetString(read.certificate), oid(OID.sm2WithSm3), raw);
    expect(failures(foreign, false)).to.deep.equal([]);
    expect(failures(foreign, true)).to.deep.equal(['RAW_SIGNATURE']);
    const judged = verifyStamp(parseSesSignature(foreign), {
      dataHash: HASH,
      store: trustStoreOf(office.policy),
      where: 'x',
      strict: false,
    });
    expect(judged.checks.find((one) => one.outcome === 'warned')?.code).to.equal('RAW_SIGNATURE');
  });

  describe('of other generations', () => {
    const header = (version: number) => sequence(ia5String('ES'), integer(version), ia5String('V'));
    const picture = sequence(ia5String('png'), octetString(Buffer.of(1)), integer(40), integer(40));
    const algorithm = oid(OID.sm2WithSm3);

    /** A stamp of GM/T 0031-2014, with its time as the given element. */
    const makeV1 = async (time: Uint8Array) => {
      const { signer, maker } = office;
      const dates = [MADE, MADE, new Date('2028-01-01T00:00:00Z')].map(certificateTime);
      const property = sequence(integer(1), utf8String('旧章'), sequence(octetString(signer.certificate)), ...dates);
      const info = sequence(header(1), ia5String('1'), property, picture);
      const makerParts = [octetString(maker.certificate), algorithm];
      const sealValue = bitString(await maker.key.sign(sequence(info, ...makerParts)));
      const seal = sequence(info, sequence(...makerParts, sealValue));
      const certificate = octetString(signer.certificate);
      const tbs = sequence(integer(1), seal, time, bitString(HASH), ia5String('x'), certificate, algorithm);
      return sequence(tbs, bitString(await signer.key.sign(tbs)));
    };

    it('are judged: version 1, whatever form its time has', async () => {
      for (const text of [
        '2026-06-02 11:04:05',
        '2026-06-02T03:04:05Z',
        '20260602030405Z',
        '260602030405Z',
        '1780369445',
      ]) {
        const stamped = await makeV1(bitString(Buffer.from(text)));
        expect(parseSesSignature(stamped).signedAt, text).to.deep.equal(SIGNED);
        expect(failures(stamped, false), text).to.deep.equal([]);
        expect(failures(stamped, true), text).to.deep.equal(['TEXT_TIME']);
      }
      const plain = await makeV1(certificateTime(SIGNED));
      expect(failures(plain, true)).to.deep.equal([]);
      expect(failures(plain, true, sm3(Buffer.of(1)))).to.deep.equal(['DIGEST_MISMATCH']);
    });

    it('are judged: version 5, whose seal has a time-stamp that is none', async () => {
      const { signer, maker } = office;
      const dates = [MADE, MADE, new Date('2028-01-01T00:00:00Z')].map(generalizedTime);
      const property = sequence(
        integer(1),
        utf8String('新章'),
        integer(1),
        sequence(octetString(signer.certificate)),
        ...dates,
      );
      const info = sequence(header(5), ia5String('1'), property, picture);
      const value = bitString(await maker.key.sign(info));
      const seal = sequence(
        info,
        octetString(maker.certificate),
        algorithm,
        value,
        explicit(0, bitString(Buffer.of(1))),
      );
      const tbs = sequence(integer(5), seal, generalizedTime(SIGNED), bitString(HASH), ia5String('x'));
      const stamped = sequence(tbs, octetString(signer.certificate), algorithm, bitString(await signer.key.sign(tbs)));
      expect(parseSesSignature(stamped).version).to.equal(5);
      expect(failures(stamped)).to.deep.equal(['TIMESTAMP_INVALID']);
    });

    it('are refused when the generation is unknown', () => {
      expect(() => parseSeal(sequence(sequence(header(9)))))
        .to.throw()
        .with.property('code', 'UNSUPPORTED');
    });
  });

  it('are not made without signers, backwards in time, or with a key of another', async () => {
    const base = {
      vendor: 'Zhengku',
      esId: '1',
      name: '章',
      type: 1,
      certificates: [office.signer.certificate],
      createdAt: MADE,
      validFrom: MADE,
      validTo: LATER,
      picture: { type: 'png', data: Buffer.of(1), widthMm: 1, heightMm: 1 },
      maker: office.maker,
    };
    const codeOf = (changes: Partial<typeof base>) =>
      makeSeal({ ...base, ...changes }).then(
        () => 'made',
        (error: { code: string }) => error.code,
      );
    expect(await codeOf({})).to.equal('made');
    expect(await codeOf({ certificates: [] })).to.equal('SEAL_UNFIT');
    expect(await codeOf({ validTo: MADE })).to.equal('SEAL_UNFIT');
    expect(await codeOf({ maker: { key: office.signer.key, certificate: office.maker.certificate } })).to.equal(
      'KEY_UNUSABLE',
    );
  });
});
