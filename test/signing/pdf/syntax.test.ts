import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { SigningError } from '../../../signing/error.ts';
import { prepareSignature } from '../../../signing/pdf/prepare-signature.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { openPdf } from '../../../signing/pdf/syntax/open-pdf.ts';
import { PdfReader } from '../../../signing/pdf/syntax/read-value.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { NOW } from '../x509/certificates.ts';
import { makeSigners, plainDocument, SIGNED_AT, signedPdf } from './signed-pdf.ts';

const read = (text: string) => new PdfReader(Buffer.from(text, 'latin1'), 0).value();

/** The code of a signing error, or what else happened. */
function codeOf(act: () => unknown): string {
  try {
    act();
    return 'nothing thrown';
  } catch (error) {
    return error instanceof SigningError ? error.code : String(error);
  }
}

/** A PDF of the given objects (number 1 is the catalogue), with a right cross-reference table. */
function pdfOf(objects: readonly string[], alter: (text: string) => string = (text) => text): Buffer {
  let text = '%PDF-1.7\n';
  const offsets = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`;
  return Buffer.from(alter(text + table + end), 'latin1');
}

describe('the objects of a PDF', () => {
  it('are read in every form', () => {
    const value = read('<< /A [1 -2.5 +.5 true null (a\\(b\\)\\101\\\nc) <48 6> /N#20x 12 0 R] >> % end');
    expect(JSON.stringify(value.kind === 'dict' && value.entries.get('A'))).to.equal(
      JSON.stringify({
        kind: 'array',
        items: [
          { kind: 'number', value: 1 },
          { kind: 'number', value: -2.5 },
          { kind: 'number', value: 0.5 },
          { kind: 'boolean', value: true },
          { kind: 'null' },
          { kind: 'string', bytes: Uint8Array.from(Buffer.from('a(b)Ac')), plainHex: false, start: 28, end: 43 },
          { kind: 'string', bytes: Buffer.from('H`'), plainHex: false, start: 44, end: 50 },
          { kind: 'name', value: 'N x' },
          { kind: 'ref', number: 12, generation: 0 },
        ],
      }),
    );
  });

  it('are refused when two readers could see two things', () => {
    for (const text of [
      '<< /A 1 /A 2 >>',
      '(never closed',
      '<4G>',
      '[1 2',
      '<< /A 1 >',
      '<< 1 2 >>',
      `${'['.repeat(70)}`,
    ]) {
      expect(
        codeOf(() => read(text)),
        text,
      ).to.equal('MALFORMED');
    }
  });
});

describe('the cross-references of a PDF', () => {
  const catalogue = '<< /Type /Catalog /Pages 2 0 R >>';
  const pages = '<< /Type /Pages /Kids [] /Count 0 >>';

  it('lead to objects', () => {
    const file = openPdf(pdfOf([catalogue, pages]));
    expect(file.dict({ kind: 'ref', number: 2, generation: 0 })?.entries.get('Count')).to.deep.equal({
      kind: 'number',
      value: 0,
    });
    expect(file.resolve({ kind: 'ref', number: 9, generation: 0 })).to.deep.equal({ kind: 'null' });
  });

  it('are refused when they lead to another object, in a circle, or nowhere', () => {
    const wrong = pdfOf([catalogue, pages], (text) => text.replace('2 0 obj', '3 0 obj'));
    expect(codeOf(() => openPdf(wrong).dict({ kind: 'ref', number: 2, generation: 0 }))).to.equal('MALFORMED');
    const start = /startxref\n(\d+)/.exec(pdfOf([catalogue, pages]).toString('latin1'))?.[1];
    for (const prev of [start, '99999999', '-1']) {
      const file = pdfOf([catalogue, pages], (text) => text.replace('/Root', `/Prev ${prev} /Root`));
      expect(
        codeOf(() => openPdf(file)),
        prev,
      ).to.equal('MALFORMED');
    }
  });

  it('of an encrypted file are not followed', () => {
    const file = pdfOf([catalogue, pages], (text) => text.replace('/Root', '/Encrypt 2 0 R /Root'));
    expect(codeOf(() => openPdf(file))).to.equal('UNSUPPORTED');
  });

  it('may be streams, linearised, or with packed objects: a signature over any of them verifies', async function () {
    const qpdf = requireProgram(this, 'qpdf');
    const signers = await makeSigners();
    const folder = temporaryFolder();
    const [plain, made] = [join(folder.path, 'plain.pdf'), join(folder.path, 'made.pdf')];
    writeFileSync(plain, await (await plainDocument()).save());
    for (const form of [
      ['--linearize'],
      ['--object-streams=generate'],
      ['--object-streams=generate', '--linearize'],
      ['--qdf'],
    ]) {
      execFileSync(qpdf, [...form, plain, made]);
      const document = await PDFDocument.load(execFileSync('cat', [made]), { forIncrementalUpdate: true });
      await prepareSignature(document, { page: 0, name: '某局', reason: '签发', location: '某市', at: SIGNED_AT });
      const signed = await signPdf(await document.save({ useObjectStreams: false }), signers.signer);
      const report = verifyPdf(signed, { certificates: [signers.root.certificate], at: NOW });
      expect(report.valid, form.join(' ')).to.equal(true);
    }
    folder.remove();
  });
});

describe('a signature dictionary that no form field shows', () => {
  it('is found all the same, and refused', () => {
    const signature = '<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >>';
    const report = verifyPdf(pdfOf(['<< /Type /Catalog /Hidden [ << /Deep 2 0 R >> ] >>', signature]), { at: NOW });
    expect(report).to.include({ signed: true, valid: false });
    expect(report.checks.map(({ code }) => code)).to.deep.equal(['SIGNATURE_LIST_WRONG', 'UNCOVERED']);
  });
});

describe('hostile bytes', () => {
  it('never make the verifier throw or call a damaged file valid', async () => {
    const signers = await makeSigners();
    const pdf = Buffer.from(await signedPdf(signers.signer));
    const cut = fc.tuple(fc.nat(pdf.length - 1), fc.nat(pdf.length - 1), fc.nat(255));
    fc.assert(
      fc.property(cut, ([from, to, byte]) => {
        const damaged = Buffer.concat([pdf.subarray(0, from), Buffer.of(byte), pdf.subarray(to)]);
        return damaged.equals(pdf) || !verifyPdf(damaged, { at: NOW }).valid;
      }),
      { numRuns: 1500, seed: 20260601 },
    );
  });
});
