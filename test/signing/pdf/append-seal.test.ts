import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { appendSignature } from '../../../signing/pdf/append-signature.ts';
import { findFields } from '../../../signing/pdf/find-fields.ts';
import { PdfChanges } from '../../../signing/pdf/pdf-changes.ts';
import { sealPdf } from '../../../signing/pdf/seal-pdf.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { makeSeal } from '../../../signing/seal/make-seal.ts';
import { parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { AFTER, BEFORE, makeMember, NOW } from '../x509/certificates.ts';
import { Judges, signaturesIn } from './judges.ts';
import { makeSigners, plainDocument, preparedPdf, ringPng, SIGNED_AT } from './signed-pdf.ts';

/** An SM2 root, a maker of seals, a signer, and the signer's seal. */
async function makeSealHolder() {
  const root = await makeMember('SM2', 'root', 'Root');
  const maker = await makeMember('SM2', 'seal-maker', 'Maker', root);
  const leaf = await makeMember('SM2', 'signer', 'Signer', root);
  const seal = await makeSeal({
    ...{ maker, vendor: 'Zhengku', esId: '41010000000001', type: 1, name: '某市某局证照专用章' },
    certificates: [leaf.certificate],
    ...{ createdAt: BEFORE, validFrom: BEFORE, validTo: AFTER },
    picture: { type: 'png', data: ringPng(), widthMm: 42, heightMm: 42 },
  });
  return { root, leaf, seal, signer: { key: leaf.key, certificate: leaf.certificate, chain: [], at: SIGNED_AT } };
}

const WORDS = { name: '某市某局', reason: '证照签发', location: '某市', at: SIGNED_AT };

const reasonOf = (act: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(act)
    .then(
      () => 'nothing thrown',
      (error: unknown) =>
        error instanceof SigningError ? [error.code, error.details.reason].join(' ').trim() : String(error),
    );

describe('a PDF under an SM2 seal', () => {
  let judges: Judges;
  let holder: Awaited<ReturnType<typeof makeSealHolder>>;
  let plain: Uint8Array;
  let sealed: Uint8Array;

  before(async function () {
    judges = new Judges(this);
    holder = await makeSealHolder();
    plain = await (await plainDocument()).save({ useObjectStreams: false });
    sealed = await press(plain, { page: 0, box: [120, 200, 50, 50] });
  });
  after(() => judges.remove());

  const press = (pdf: Uint8Array, place: Parameters<typeof sealPdf>[1]['place']): Promise<Uint8Array> =>
    sealPdf(pdf, { seal: holder.seal, signer: holder.signer, at: SIGNED_AT, reason: '盖章', location: '某市', place });

  it('is sound, and says what it is', () => {
    judges.expectSound(sealed);
    expect(Buffer.compare(sealed.subarray(0, plain.length), plain)).to.equal(0);
    const text = Buffer.from(sealed).toString('latin1');
    expect(text).to.include('/SubFilter /GM.sm2seal').and.to.include('/Filter /GM.PKILite');
  });

  it('holds a stamp over the SM3 of everything else, which openssl verifies', () => {
    const [taken] = signaturesIn(sealed);
    if (taken === undefined) throw new Error('no signature');
    const stamp = parseSesSignature(taken.structure);
    const digest = judges.run('openssl', 'dgst', '-sm3', '-r', judges.put('content', taken.content)).split(' ')[0];
    expect(Buffer.from(stamp.dataHash).toString('hex')).to.equal(digest);
    expect(stamp.signedAt).to.deep.equal(SIGNED_AT);
    expect(taken.end).to.equal(sealed.length);
    expect(stamp.propertyInfo).to.match(/^\[ 0 \d+ \d+ \d+ \]$/);
    judges.expectSm2(parseCertificate(stamp.certificate).publicKey, stamp.signedBytes, stamp.signature);
  });

  it('is found valid here too', () => {
    expect(verifyPdf(sealed, { certificates: [holder.root.certificate], at: NOW })).to.include({
      valid: true,
      trusted: true,
    });
  });

  it('shows the seal', () => {
    expect(readFileSync(judges.draw(sealed)).length).to.be.greaterThan(readFileSync(judges.draw(plain)).length + 1000);
  });

  it('can be sealed again, and signed', async () => {
    const twice = await press(sealed, { page: 0, box: [20, 200, 50, 50] });
    const signed = await signPdf(appendSignature(twice, { ...WORDS, page: 0 }), holder.signer);
    judges.expectSound(signed);
    expect(signaturesIn(signed)).to.have.length(3);
    judges.expectSm2Cms(signaturesIn(signed)[2], holder.leaf.key.publicKey);
  });

  it('refuses a signer whom the seal does not list, and a time outside of its life', async () => {
    const other = await makeMember('SM2', 'signer', 'Other', holder.root);
    const request = { seal: holder.seal, reason: '', location: '', place: { page: 0, box: [0, 0, 42, 42] as const } };
    expect(await reasonOf(() => sealPdf(plain, { ...request, signer: other, at: SIGNED_AT }))).to.equal('SEAL_UNFIT');
    const late = new Date(AFTER.getTime() + 1000);
    expect(await reasonOf(() => sealPdf(plain, { ...request, signer: holder.signer, at: late }))).to.equal(
      'SEAL_UNFIT',
    );
  });
});

describe('both algorithms in one PDF', () => {
  let judges: Judges;
  let holder: Awaited<ReturnType<typeof makeSealHolder>>;
  let rsa: Awaited<ReturnType<typeof makeSigners>>;

  before(async function () {
    judges = new Judges(this);
    holder = await makeSealHolder();
    rsa = await makeSigners();
  });
  after(() => judges.remove());

  const fieldsOf = (pdf: Uint8Array) =>
    findFields(new PdfChanges(pdf)).map(({ name, dict }) => [name, dict.entries.has('V'), dict.entries.get('Ff')]);
  const faultsOf = (pdf: Uint8Array) =>
    verifyPdf(pdf, { certificates: [rsa.root.certificate, holder.root.certificate], at: NOW })
      .checks.filter(({ outcome }) => outcome === 'failed')
      .map(({ code }) => code);
  const REQUIRED = { kind: 'number', value: 2 };

  const expectBoth = async (first: Uint8Array): Promise<void> => {
    judges.expectSound(first);
    judges.expectSigned(first, 1);
    expect(fieldsOf(first)).to.deep.equal([
      ['Signature1', true, undefined],
      ['SM2Signature', false, REQUIRED],
    ]);
    expect(faultsOf(first)).to.deep.equal(['SIGNATURE_STRIPPED']);
    const both = await signPdf(
      appendSignature(first, { ...WORDS, fieldName: 'SM2Signature', picture: ringPng() }),
      holder.signer,
    );
    expect(Buffer.compare(both.subarray(0, first.length), first)).to.equal(0);
    judges.expectSound(both);
    expect(faultsOf(both)).to.deep.equal([]);
    expect(fieldsOf(both)).to.deep.equal([
      ['Signature1', true, undefined],
      ['SM2Signature', true, REQUIRED],
    ]);
    const [one, two] = signaturesIn(both);
    if (one === undefined || two === undefined) throw new Error('a signature is missing');
    expect([one.end, two.end]).to.deep.equal([first.length, both.length]);
    judges.expectCms(one, rsa.root.certificate, SIGNED_AT);
    judges.expectSm2Cms(two, holder.leaf.key.publicKey);
    expect(judges.pdfsig(both)[0]).to.include('Signature is Valid');
  };

  const announces = { page: 0, box: [20, 200, 42, 42] } as const;

  it('stand in a document of ours', async () => {
    await expectBoth(await signPdf(await preparedPdf({ certify: 2, announces }), rsa.signer));
  });

  it('stand in a document of others', async () => {
    const plain = await (await plainDocument()).save({ useObjectStreams: true });
    const prepared = appendSignature(plain, { ...WORDS, page: 0, certify: 2, announces });
    await expectBoth(await signPdf(prepared, rsa.signer));
  });

  it('can have a seal for the second', async () => {
    const first = await signPdf(await preparedPdf({ certify: 2, announces }), rsa.signer);
    const { seal, signer } = holder;
    const place = { fieldName: 'SM2Signature' };
    const both = await sealPdf(first, { seal, signer, at: SIGNED_AT, reason: '盖章', location: '某市', place });
    judges.expectSound(both);
    expect(parseSesSignature(signaturesIn(both)[1]?.structure ?? new Uint8Array()).seal.name).to.equal(
      '某市某局证照专用章',
    );
    expect(readFileSync(judges.draw(both)).length).to.be.greaterThan(readFileSync(judges.draw(first)).length + 500);
  });

  it('cannot be announced by a signature that forbids the second', async () => {
    expect(await reasonOf(() => preparedPdf({ certify: 1, announces }))).to.equal('UNSUPPORTED NO_CHANGES_ALLOWED');
    const plain = await (await plainDocument()).save();
    const field = { ...WORDS, page: 0, certify: 1, announces } as const;
    expect(await reasonOf(() => appendSignature(plain, field))).to.equal('UNSUPPORTED NO_CHANGES_ALLOWED');
  });
});
