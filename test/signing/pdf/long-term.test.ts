import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { SIGNER_ALGORITHMS } from '../../../signing/cms/signed-attributes.ts';
import { octetString, sequence } from '../../../signing/der/write-der.ts';
import { SigningError } from '../../../signing/error.ts';
import { toPem } from '../../../signing/keys/pem.ts';
import { extendPdf } from '../../../signing/pdf/extend-pdf.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { openPdf } from '../../../signing/pdf/syntax/open-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { makeTimeStampToken, type TimeStampAuthority } from '../../../signing/tsp/make-time-stamp-token.ts';
import type { TimeStamper } from '../../../signing/tsp/time-stamper.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { makeTsa } from '../tsp/authorities.ts';
import { AFTER, BEFORE, makeMember, NOW } from '../x509/certificates.ts';
import { Judges, signaturesIn } from './judges.ts';
import { makeSigners, plainDocument, preparedPdf, SIGNED_AT, signedPdf } from './signed-pdf.ts';

/** A time-stamper of this process. */
function stamperOf(authority: TimeStampAuthority): TimeStamper {
  const { hash, digest: algorithm } = SIGNER_ALGORITHMS[authority.key.algorithm];
  let serial = 1n;
  return {
    hash,
    stamp: (digest) => {
      const imprint = sequence(algorithm, octetString(digest));
      return makeTimeStampToken(authority, { imprint, certificates: true, serial: serial++, at: NOW });
    },
  };
}

describe('a signed PDF that is to last', () => {
  let judges: Judges;
  let signers: Awaited<ReturnType<typeof makeSigners>>;
  let tsa: Awaited<ReturnType<typeof makeTsa>>;
  let data: { certificates: Uint8Array[]; crls: Uint8Array[]; timeStamper: TimeStamper };
  let signed: Uint8Array;
  let extended: Uint8Array;

  before(async function () {
    judges = new Judges(this);
    signers = await makeSigners();
    tsa = await makeTsa('RSA');
    const crl = await issueCrl({
      issuer: signers.issuing.certificate,
      signer: signers.issuing.key,
      ...{ number: 1n, thisUpdate: BEFORE, nextUpdate: AFTER, revoked: [] },
    });
    const certificates = [signers.root.certificate, signers.issuing.certificate, tsa.root.certificate];
    data = { certificates, crls: [crl], timeStamper: stamperOf(tsa.authority) };
    signed = await signedPdf(signers.signer, { certify: 1 });
    extended = await extendPdf(signed, data);
  });
  after(() => judges.remove());

  it('is sound in each revision, and what was signed is untouched', () => {
    judges.expectSound(extended);
    expect(Buffer.compare(extended.subarray(0, signed.length), signed)).to.equal(0);
    const [one, two] = signaturesIn(extended);
    expect([one?.end, two?.end]).to.deep.equal([signed.length, extended.length]);
    expect(judges.pdfsig(extended)[0]).to.include('Signature is Valid');
  });

  it('carries a time-stamp over everything, which openssl verifies', () => {
    const stamp = signaturesIn(extended)[1];
    if (stamp === undefined) throw new Error('no time-stamp');
    const files = [
      '-data',
      judges.put('data', stamp.content),
      '-in',
      judges.put('token', stamp.structure),
      '-token_in',
    ];
    const trust = ['-CAfile', judges.put('root.pem', toPem('CERTIFICATE', tsa.root.certificate))];
    const at = ['-attime', String(NOW.getTime() / 1000)];
    expect(judges.run('openssl', 'ts', '-verify', ...files, ...trust, ...at)).to.include('Verification: OK');
    expect(Buffer.from(extended).toString('latin1')).to.match(
      /\/Type \/DocTimeStamp\n\/Filter \/Adobe.PPKLite\n\/SubFilter \/ETSI.RFC3161/,
    );
  });

  /** What the store holds, as DER in hexadecimal. */
  const storeOf = (pdf: Uint8Array) => {
    const file = openPdf(pdf);
    const catalogue = file.dict(file.trailer.entries.get('Root'));
    const store = file.dict(catalogue?.entries.get('DSS'));
    const listed = (key: string): string[] => {
      const list = file.resolve(store?.entries.get(key));
      return (list.kind === 'array' ? list.items : []).map((item) => {
        const entry = item.kind === 'ref' ? file.entries.get(item.number) : undefined;
        if (entry?.kind !== 'offset') throw new Error('no stream');
        const text = Buffer.from(pdf).toString('latin1', entry.offset);
        const from = text.indexOf('stream\n') + 7;
        return inflateSync(Buffer.from(text.slice(from, text.indexOf('\nendstream')), 'latin1')).toString('hex');
      });
    };
    const extension = file.dict(file.dict(catalogue?.entries.get('Extensions'))?.entries.get('ESIC'));
    return { certificates: listed('Certs'), crls: listed('CRLs'), extension };
  };
  const hex = (list: readonly Uint8Array[]): string[] => list.map((der) => Buffer.from(der).toString('hex'));

  it('carries the certificates and CRLs given, each once, and says which extension that is', () => {
    const store = storeOf(extended);
    expect(store.certificates).to.deep.equal(hex(data.certificates));
    expect(store.crls).to.deep.equal(hex(data.crls));
    expect(Object.fromEntries(store.extension?.entries ?? [])).to.deep.equal({
      BaseVersion: { kind: 'name', value: '1.7' },
      ExtensionLevel: { kind: 'number', value: 2 },
    });
  });

  it('can be made to last longer still, and keeps what it carries', async () => {
    const more = { ...data, certificates: [tsa.issuing.certificate, tsa.issuing.certificate], crls: [] };
    const again = await extendPdf(extended, more);
    judges.expectSound(again);
    expect(storeOf(again).certificates).to.deep.equal(hex([...data.certificates, tsa.issuing.certificate]));
    expect(storeOf(again).crls).to.deep.equal(hex(data.crls));
    expect(signaturesIn(again)).to.have.length(3);
  });

  it('holds an SM2 signature with an SM3 time-stamp as well', async () => {
    const clock = await makeTsa('SM2');
    const leaf = await makeMember('SM2', 'signer', 'Signer', clock.issuing);
    const timeStamper = stamperOf(clock.authority);
    const signer = { key: leaf.key, certificate: leaf.certificate, chain: [clock.issuing.certificate], at: SIGNED_AT };
    const once = await signPdf(await preparedPdf({ contentsBytes: 8192 }), { ...signer, timeStamper });
    const certificates = [clock.root.certificate];
    const report = verifyPdf(once, { certificates, at: NOW });
    expect(report).to.include({ valid: true, trusted: true });
    expect(report.checks.find(({ name }) => name === 'time')).to.include({ outcome: 'passed' });
    const lasting = await extendPdf(once, { certificates, crls: [], timeStamper });
    judges.expectSound(lasting);
    judges.expectSm2Cms(signaturesIn(lasting)[0], leaf.key.publicKey);
  });

  it('is refused when nothing is signed', async () => {
    const plain = await (await plainDocument()).save();
    const refused = await Promise.resolve()
      .then(() => extendPdf(plain, data))
      .then(
        () => 'nothing thrown',
        (error: unknown) => (error instanceof SigningError ? error.details.reason : String(error)),
      );
    expect(refused).to.equal('UNSIGNED');
  });

  it('is not made when the time-stamp cannot be had', async () => {
    const timeStamper: TimeStamper = { hash: 'sha256', stamp: () => Promise.reject(new Error('unreachable')) };
    const refused = await extendPdf(signed, { ...data, timeStamper }).catch((error: unknown) => String(error));
    expect(refused).to.equal('Error: unreachable');
  });
});
