import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { appendSignature } from '../../../signing/pdf/append-signature.ts';
import { verifyFile } from '../../../signing/verify/verify-file.ts';
import { layOutArchive } from '../../../signing/zip/layout.ts';
import { makeOffice } from '../../signing/ofd/sealed-package.ts';
import { NOW } from '../../signing/x509/certificates.ts';

/** Far above what any of these takes, far below what they took, or would take, without a bound. */
const MOST_MS = 8000;
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const ROOT =
  `${HEAD}<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot><Signatures>Doc_0/Signs/Signatures.xml</Signatures>` +
  '</DocBody></OFD>';

const ofdOf = (texts: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  layOutArchive(
    Object.entries(texts).map(([name, text]) => {
      const packed = Buffer.from(text);
      return { name, method: 0, crc: crc32(packed), size: packed.length, packed };
    }),
  );

/** A PDF of the given objects (number 1 is the catalogue), with a right cross-reference table. */
function pdfOf(objects: readonly string[]): Buffer {
  let text = '%PDF-1.7\n';
  const rows = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`;
  return Buffer.from(`${text}xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}${end}`, 'latin1');
}

/** The failed codes of a report that came in time. */
function failuresOf(bytes: Uint8Array): (string | undefined)[] {
  const started = performance.now();
  const report = verifyFile(bytes, { at: NOW, certificates: [] });
  expect(performance.now() - started).to.be.below(MOST_MS);
  expect(report.valid).to.equal(false);
  return report.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);
}

describe('a hostile OFD file', function () {
  this.timeout(60_000).slow(5000);

  it('of a million pages is too large', () => {
    const pages = '<Page ID="1" BaseLoc="P"/>'.repeat(600_000);
    expect(
      failuresOf(ofdOf({ 'OFD.xml': ROOT, 'Doc_0/Document.xml': `<Document><Pages>${pages}</Pages></Document>` })),
    ).to.include('TOO_LARGE');
    const fewer = '<Page ID="1" BaseLoc="P"/>'.repeat(150_000);
    const file = ofdOf({ 'OFD.xml': ROOT, 'Doc_0/Document.xml': `<Document><Pages>${fewer}</Pages></Document>` });
    expect(failuresOf(file)).to.not.deep.equal([]);
  });

  it('whose list names one signature without end is too large', async () => {
    const office = await makeOffice();
    const description =
      `${HEAD}<Signature><SignedInfo><Provider ProviderName="x"/><References CheckMethod="SM3"/></SignedInfo>` +
      '<SignedValue>/v.dat</SignedValue></Signature>';
    const listing = '<Signature ID="1" Type="Seal" BaseLoc="/s.xml"/>'.repeat(100_000);
    const file = ofdOf({
      'OFD.xml': ROOT,
      'Doc_0/Document.xml': '<Document/>',
      'Doc_0/Signs/Signatures.xml': `<Signatures>${listing}</Signatures>`,
      's.xml': description,
      'v.dat': office.seal,
    });
    expect(failuresOf(file)).to.deep.equal(['TOO_LARGE']);
  });

  it('whose signature refers to very many files that are not there is judged in time', () => {
    const references = Array.from(
      { length: 90_000 },
      (_, i) => `<Reference FileRef="/missing/${i}"><CheckValue>AAAA</CheckValue></Reference>`,
    );
    const many = Object.fromEntries(
      Array.from({ length: 4000 }, (_, i) => [`Doc_0/Res/file-with-a-long-name-${i}.xml`, '']),
    );
    const file = ofdOf({
      'OFD.xml': ROOT,
      'Doc_0/Document.xml': '<Document/>',
      'Doc_0/Signs/Signatures.xml': '<Signatures><Signature ID="1" Type="Seal" BaseLoc="/s.xml"/></Signatures>',
      's.xml': `<Signature><SignedInfo><References CheckMethod="SM3">${references.join('')}</References></SignedInfo><SignedValue>/v.dat</SignedValue></Signature>`,
      'v.dat': Buffer.of(0x30, 0),
      ...many,
    });
    expect(failuresOf(file).length).to.be.greaterThan(0);
  });

  it('that refers to itself in circles is judged', () => {
    const file = ofdOf({
      'OFD.xml': ROOT.replace('Doc_0/Document.xml', 'OFD.xml').replace('Doc_0/Signs/Signatures.xml', '../OFD.xml'),
    });
    expect(failuresOf(file).length).to.be.greaterThan(0);
  });
});

describe('a hostile PDF file', function () {
  this.timeout(60_000).slow(5000);
  const signature = '<< /Type /Sig /Filter /A /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>';
  const field = (number: number, more = ''): string => `<< /FT /Sig /T (${number}) /V 4 0 R ${more}>>`;

  it('whose trees of pages and fields are circles is judged', () => {
    const catalogue = '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R 3 0 R] /SigFlags 3 >> >>';
    const pages = '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>';
    const loop = field(1, '/Kids [3 0 R 3 0 R] /Parent 3 0 R ');
    expect(failuresOf(pdfOf([catalogue, pages, loop, signature])).length).to.be.greaterThan(0);
    const selves = ['1 0 R', '2 0 R', '3 0 R'];
    expect(failuresOf(pdfOf(selves)).length).to.be.greaterThan(0);
  });

  it('whose tree of pages is very wide, very deep or a circle is judged, and not signed', () => {
    const catalogue = '<< /Type /Catalog /Pages 2 0 R >>';
    const codeOf = (pdf: Uint8Array): string => {
      const started = performance.now();
      try {
        appendSignature(pdf, { page: 999_999, name: '某局', reason: '', location: '', at: NOW, contentsBytes: 4000 });
        return 'taken';
      } catch (error) {
        if (error instanceof SigningError) return error.code;
        throw error;
      } finally {
        expect(performance.now() - started).to.be.below(MOST_MS);
      }
    };
    const leaf = '<< /Type /Page /MediaBox [0 0 9 9] >>';
    const wide = pdfOf([catalogue, `<< /Type /Pages /Kids [${'3 0 R '.repeat(400_000)}] /Count 400000 >>`, leaf]);
    const node = (at: number) => `<< /Type /Pages /Kids [${at + 4} 0 R] /Count 1 >>`;
    const deep = pdfOf([catalogue, ...Array.from({ length: 100_000 }, (_, i) => node(i - 1)), leaf]);
    const circle = pdfOf([catalogue, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>']);
    for (const pdf of [wide, deep, circle]) {
      expect(failuresOf(pdf).length).to.be.greaterThan(0);
      expect(codeOf(pdf)).to.be.oneOf(['MALFORMED', 'TOO_LARGE']);
    }
  });

  it('with lists of very many members, and very many signatures, is judged in time', () => {
    const list = '3 0 R '.repeat(400_000);
    const wide = `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${list}] >> >>`;
    const pages = `<< /Type /Pages /Kids [${list}] /Count 1000000 >>`;
    expect(failuresOf(pdfOf([wide, pages, field(1), signature])).length).to.be.greaterThan(0);
    const kids = Array.from({ length: 3000 }, (_, i) => `${i + 3} 0 R`).join(' ');
    const many = Array.from({ length: 3000 }, (_, i) =>
      field(i).replace('4 0 R', signature.replace('<00>', `<${'00'.repeat(200)}>`)),
    );
    const catalogue = `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${kids}] >> >>`;
    expect(failuresOf(pdfOf([catalogue, '<< /Type /Pages /Kids [] /Count 0 >>', ...many])).length).to.be.greaterThan(0);
  });

  it('nested without end, in words without end, or with a table without end is refused', () => {
    const catalogue = '<< /Type /Catalog /Pages 2 0 R >>';
    for (const object of [
      '['.repeat(1_000_000),
      '<<'.repeat(1_000_000),
      '('.repeat(1_000_000),
      `/${'a'.repeat(5_000_000)}`,
      '9'.repeat(5_000_000),
      '<'.padEnd(5_000_000, '0'),
    ]) {
      expect(failuresOf(pdfOf([catalogue, object])).length, object.slice(0, 4)).to.be.greaterThan(0);
    }
    const table = Buffer.from(
      `%PDF-1.7\nxref\n0 999999999\n${'0000000000 00000 n \n'.repeat(10)}trailer\n<<>>\nstartxref\n9\n%%EOF`,
    );
    expect(failuresOf(table)).to.deep.equal(['TOO_LARGE']);
    const blanks = Buffer.from(`%PDF-1.7\n${' '.repeat(20_000_000)}\nstartxref\n9\n%%EOF`);
    expect(failuresOf(blanks)).to.deep.equal(['UNREADABLE']);
  });
});
