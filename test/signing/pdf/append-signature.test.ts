import { readFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect } from 'chai';
import { degrees, PDFDocument } from 'pdf-lib';
import { SigningError } from '../../../signing/error.ts';
import { appendSignature } from '../../../signing/pdf/append-signature.ts';
import type { SignatureField } from '../../../signing/pdf/prepare-signature.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { requireProgram } from '../../world/programs.ts';
import { makeMember, NOW } from '../x509/certificates.ts';
import { hybridPdf } from './hybrid-pdf.ts';
import { Judges, signaturesIn } from './judges.ts';
import { makeSigners, plainDocument, preparedPdf, SIGNED_AT, signedPdf } from './signed-pdf.ts';

/** Red above, blue below: so that it is seen which way up it is shown. */
function flagPng(): Uint8Array {
  const canvas = createCanvas(40, 40);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#ff0000';
  pen.fillRect(0, 0, 40, 20);
  pen.fillStyle = '#0000ff';
  pen.fillRect(0, 20, 40, 20);
  return canvas.toBuffer('image/png');
}

const WORDS = { name: '某市某局', reason: '证照签发', location: '某市', at: SIGNED_AT };
const SEEN: SignatureField = { ...WORDS, page: 0, seal: { box: [50, 60, 40, 40], picturePng: flagPng() } };

describe('appending a signature to a PDF', () => {
  let judges: Judges;
  let signers: Awaited<ReturnType<typeof makeSigners>>;

  before(async function () {
    judges = new Judges(this);
    signers = await makeSigners();
  });
  after(() => judges.remove());

  const sign = (pdf: Uint8Array, field: Parameters<typeof appendSignature>[1] = SEEN): Promise<Uint8Array> =>
    signPdf(appendSignature(pdf, field), signers.signer);

  /** Sign twice, and let everybody judge. */
  const expectGood = async (plain: Uint8Array): Promise<Uint8Array> => {
    const once = await sign(plain);
    const twice = await sign(once, { ...WORDS, page: 0 });
    expect(Buffer.compare(once.subarray(0, plain.length), plain)).to.equal(0);
    expect(Buffer.compare(twice.subarray(0, once.length), once)).to.equal(0);
    judges.expectSound(twice);
    judges.expectSigned(once, 1);
    judges.expectSigned(twice, 2);
    const policy = { certificates: [signers.root.certificate], at: NOW };
    expect(verifyPdf(twice, policy)).to.include({ valid: true, trusted: true });
    for (const taken of signaturesIn(twice)) judges.expectCms(taken, signers.root.certificate, SIGNED_AT);
    return twice;
  };

  /** The colour that a page shows at a place, in millimetres from its top left corner. */
  const colourAt = async (pdf: Uint8Array, x: number, y: number): Promise<number[]> => {
    const page = await loadImage(readFileSync(judges.draw(pdf)));
    const pen = createCanvas(page.width, page.height).getContext('2d');
    pen.drawImage(page, 0, 0);
    return [...pen.getImageData((x * 72) / 25.4, (y * 72) / 25.4, 1, 1).data.slice(0, 3)];
  };
  const RED = [255, 0, 0];
  const BLUE = [0, 0, 255];
  const WHITE = [255, 255, 255];

  const plain = async (objectStreams = false): Promise<Uint8Array> =>
    (await plainDocument()).save({ useObjectStreams: objectStreams });

  it('signs a file with a cross-reference table', async () => {
    await expectGood(await plain());
  });

  it('signs a file with a cross-reference stream', async () => {
    await expectGood(await plain(true));
  });

  it('signs a hybrid file', async () => {
    await expectGood(hybridPdf(await plain()));
  });

  it('signs what qpdf wrote: object streams, and linearized', async () => {
    const from = judges.put('plain.pdf', await plain());
    for (const options of [
      ['--object-streams=generate'],
      ['--linearize'],
      ['--linearize', '--object-streams=generate'],
    ]) {
      judges.run('qpdf', ...options, from, judges.path('other.pdf'));
      await expectGood(readFileSync(judges.path('other.pdf')));
    }
  });

  it('signs what a browser printed', async function () {
    const page = judges.put(
      'page.html',
      '<h1>证照</h1><p>某市某局</p><form><input name="a"></form><a href="https://x/">x</a>',
    );
    const options = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${judges.path('profile')}`];
    requireProgram(this, 'chromium');
    judges.run('chromium', ...options, `--print-to-pdf=${judges.path('printed.pdf')}`, page);
    await expectGood(readFileSync(judges.path('printed.pdf')));
  }).timeout(60_000);

  it('shows the seal where it was pressed, upright', async () => {
    const signed = await sign(await plain());
    expect(await colourAt(signed, 70, 70)).to.deep.equal(RED);
    expect(await colourAt(signed, 70, 90)).to.deep.equal(BLUE);
    expect(await colourAt(signed, 70, 55)).to.deep.equal(WHITE);
    expect(await colourAt(signed, 45, 80)).to.deep.equal(WHITE);
  });

  for (const turned of [90, 180, 270]) {
    it(`shows the seal upright on a page turned by ${turned} degrees and cut`, async () => {
      const document = await PDFDocument.load(await plain());
      const page = document.getPage(0);
      page.setRotation(degrees(turned));
      page.setMediaBox(-20, -30, 620, 880);
      page.setCropBox(10, 20, 500, 700);
      const signed = await sign(await document.save({ useObjectStreams: false }));
      judges.expectSound(signed);
      const cropped = judges.put('turned.pdf', signed);
      judges.run('pdftoppm', '-cropbox', '-r', '72', '-png', '-singlefile', cropped, judges.path('drawn'));
      const drawn = await loadImage(readFileSync(judges.path('drawn.png')));
      const pen = createCanvas(drawn.width, drawn.height).getContext('2d');
      pen.drawImage(drawn, 0, 0);
      const at = (x: number, y: number): number[] => [
        ...pen.getImageData((x * 72) / 25.4, (y * 72) / 25.4, 1, 1).data.slice(0, 3),
      ];
      expect([at(70, 70), at(70, 90), at(70, 55), at(45, 80)]).to.deep.equal([RED, BLUE, WHITE, WHITE]);
    });
  }

  it('takes the other form that PDF readers know', async () => {
    const signed = await sign(await plain(), { ...SEEN, form: 'adbe.pkcs7.detached' });
    expect(judges.pdfsig(signed)[0]).to.include('adbe.pkcs7.detached').and.to.include('Signature is Valid');
  });

  it('certifies, and then signs no more when that forbids it', async () => {
    const certified = await sign(await plain(), { ...SEEN, certify: 1 });
    judges.expectSound(certified);
    judges.expectSigned(certified, 1);
    expect(await reasonOf(() => sign(certified))).to.equal('UNSUPPORTED NO_CHANGES_ALLOWED');
    const open = await sign(await plain(), { ...SEEN, certify: 2 });
    judges.expectSigned(await sign(open), 2);
    expect(await reasonOf(() => sign(open, { ...SEEN, certify: 2 }))).to.equal('UNSUPPORTED NOT_FIRST');
    expect(await reasonOf(async () => sign(await signedPdf(signers.signer, { certify: 1 })))).to.equal(
      'UNSUPPORTED NO_CHANGES_ALLOWED',
    );
  });

  it('keeps fields, annotations and lists that are there', async () => {
    const document = await plainDocument();
    const form = document.getForm();
    form.createTextField('applicant.name').addToPage(document.getPage(0), { x: 50, y: 600 });
    const signed = await expectGood(await document.save({ useObjectStreams: true }));
    const again = await PDFDocument.load(signed);
    expect(
      again
        .getForm()
        .getFields()
        .map((field) => field.getName()),
    ).to.deep.equal(['applicant.name', 'Signature3', 'Signature4']);
    expect(again.getPage(0).node.Annots()?.size()).to.equal(3);
  });

  it('fits a time-stamp with its certificates into the room it takes by itself', async () => {
    const token = new Uint8Array(7_000).fill(0x30);
    token.set([0x30, 0x82, (6_996 >> 8) & 0xff, 6_996 & 0xff]);
    const timeStamper = { hash: 'sha256' as const, stamp: () => Promise.resolve(token) };
    const signed = await signPdf(appendSignature(await plain(), SEEN), { ...signers.signer, timeStamper });
    expect(signaturesIn(signed)[0]?.structure.length).to.be.greaterThan(8_192);
  });

  const reasonOf = (act: () => unknown): Promise<string> =>
    Promise.resolve()
      .then(act)
      .then(
        () => 'nothing thrown',
        (error: unknown) =>
          error instanceof SigningError ? [error.code, error.details.reason].join(' ').trim() : String(error),
      );

  it('refuses what is encrypted', async () => {
    judges.run(
      'qpdf',
      '--encrypt',
      '',
      'owner',
      '256',
      '--',
      judges.put('plain.pdf', await plain()),
      judges.path('locked.pdf'),
    );
    expect(await reasonOf(() => sign(readFileSync(judges.path('locked.pdf'))))).to.equal('UNSUPPORTED ENCRYPTED');
  });

  it('refuses what is broken, cut short, or longer than it says', async () => {
    const whole = Buffer.from(await plain());
    const moved = Buffer.from(whole.toString('latin1').replace(/startxref\n\d+/, 'startxref\n17'), 'latin1');
    const trailing = Buffer.concat([whole, Buffer.from('<script>')]);
    for (const broken of [whole.subarray(0, 400), Buffer.from('hello'), moved, trailing]) {
      expect(await reasonOf(() => sign(broken))).to.equal('MALFORMED NOT_PDF');
    }
  });

  it('refuses a file in which a signature is prepared and not made', async () => {
    expect(await reasonOf(async () => sign(await preparedPdf()))).to.equal('MALFORMED NO_PLACEHOLDER');
  });

  it('refuses pages and fields that are not there, and a field that is signed', async () => {
    const signed = await sign(await plain());
    expect(await reasonOf(() => sign(signed, { ...SEEN, page: 1 }))).to.equal('MALFORMED');
    expect(await reasonOf(() => sign(signed, { ...WORDS, fieldName: 'None' }))).to.equal('MALFORMED NO_FIELD');
    expect(await reasonOf(() => sign(signed, { ...WORDS, fieldName: 'Signature1' }))).to.equal('MALFORMED FIELD_TAKEN');
  });

  it('refuses to sign in a form that it was not prepared for', async () => {
    expect(await reasonOf(async () => sign(await plain(), { ...SEEN, form: 'GM.sm2seal' }))).to.equal('MALFORMED');
  });

  it('gives the same bytes again for the same file, key and time', async () => {
    const pdf = await plain();
    expect(Buffer.compare(await sign(pdf), await sign(pdf))).to.equal(0);
  });

  it('signs with SM2, and openssl agrees', async () => {
    const root = await makeMember('SM2', 'root', 'Root');
    const leaf = await makeMember('SM2', 'signer', 'Signer', root);
    const signer = { key: leaf.key, certificate: leaf.certificate, chain: [], at: SIGNED_AT };
    const signed = await signPdf(appendSignature(await plain(), SEEN), signer);
    judges.expectSound(signed);
    judges.expectSm2Cms(signaturesIn(signed)[0], leaf.key.publicKey);
    expect(verifyPdf(signed, { certificates: [root.certificate], at: NOW })).to.include({ valid: true, trusted: true });
  });
});
