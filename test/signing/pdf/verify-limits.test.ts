import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { appendSignature } from '../../../signing/pdf/append-signature.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { NOW } from '../x509/certificates.ts';
import { AT, documentWithRoom, formDocument, roomBody, type Signer, sign } from './form-pdf.ts';
import { faultsOf, type Objects, revise, startOf, streamBody, writePdf } from './raw-pdf.ts';
import { makeSigners, SIGNED_AT } from './signed-pdf.ts';

const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';
const PAGES = '<< /Type /Pages /Kids [] /Count 0 >>';
const judge = (pdf: Uint8Array): string[] => faultsOf(verifyPdf(pdf, { at: NOW }));
const packed = (data: Buffer, keys: string): string =>
  streamBody(deflateSync(data).toString('latin1'), `/Filter /FlateDecode ${keys}`);
const withBombs = (bombs: Objects): Buffer => {
  const numbers = Object.keys(bombs).map(Number);
  const rows = Buffer.alloc(numbers.length * 6);
  numbers.forEach((stream, i) => {
    rows.writeUInt8(2, i * 6);
    rows.writeUInt32BE(stream, i * 6 + 1);
  });
  const plain = writePdf({ 1: CATALOGUE, 2: PAGES, ...bombs });
  const keys = `/Type /XRef /W [1 4 1] /Index [1000 ${numbers.length}] /Size 2000 /Root 1 0 R /Prev ${startOf(plain)}`;
  const section = `1999 0 obj\n${streamBody(rows.toString('latin1'), keys)}\nendobj\nstartxref\n${plain.length}\n%%EOF\n`;
  return Buffer.concat([plain, Buffer.from(section, 'latin1')]);
};

describe('a hostile PDF ends in a report', () => {
  let signer: Signer;
  let root: Uint8Array;
  before(async () => {
    const signers = await makeSigners();
    signer = signers.signer;
    root = signers.root.certificate;
  });

  it('with objects nested a hundred thousand deep', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['<< /A ', ' >>'],
    ] as const) {
      const deep = open.repeat(100_000) + close.repeat(100_000);
      expect(judge(writePdf({ 1: deep, 2: PAGES }))).to.deep.equal(['structure UNREADABLE']);
      expect(judge(writePdf({ 1: CATALOGUE, 2: PAGES, 3: `[/ByteRange ${deep}]` }))).to.deep.equal([
        'structure UNSIGNED',
      ]);
    }
  });

  it('with a list of a million numbers where a form should be', () => {
    const form = `<< /Type /Catalog /AcroForm << /Fields [${'1 '.repeat(1_000_000)}] >> >>`;
    expect(judge(writePdf({ 1: form }))).to.deep.equal(['structure TOO_LARGE']);
  });

  it('with references that lead to themselves', () => {
    const objects = { 1: '<< /Type /Catalog /AcroForm 2 0 R >>', 2: '3 0 R', 3: '2 0 R' };
    expect(judge(writePdf(objects))).to.deep.equal(['structure UNREADABLE']);
    const kids = { 1: '<< /Type /Catalog /AcroForm << /Fields [2 0 R] >> >>', 2: '<< /T (a) /Kids [2 0 R 2 0 R] >>' };
    expect(judge(writePdf(kids))).to.deep.equal(['structure TOO_LARGE']);
  });

  it('with an object stream whose length is said inside of it', () => {
    const objects = {
      1: CATALOGUE,
      2: PAGES,
      5: `<< /Type /ObjStm /N 1 /First 4 /Length 1000 0 R >>\nstream\n1000 0 99\nendstream`,
    };
    const pdf = withBombs({ 5: objects[5] ?? '' });
    expect(judge(pdf)).to.deep.equal(['structure UNSIGNED']);
  });

  it('with streams that unpack to gigabytes', () => {
    const bomb = packed(Buffer.alloc(30 * 1024 * 1024, 0x20), '/Type /ObjStm /N 1 /First 4');
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [10 + i, bomb]));
    expect(judge(withBombs(many))).to.deep.equal(['structure TOO_LARGE']);
    const large = packed(Buffer.alloc(64 * 1024 * 1024), '/Type /ObjStm /N 1 /First 4');
    expect(judge(withBombs({ 10: large }))).to.deep.equal(['structure TOO_LARGE']);
  }).timeout(30_000);

  it('with cross-reference entries that take no room', () => {
    const keys = `/Type /XRef /W [0 0 0] /Index [${'0 1000000 '.repeat(50)}] /Size 9 /Root 1 0 R`;
    const text = `%PDF-1.7\n1 0 obj\n${CATALOGUE}\nendobj\n9 0 obj\n${streamBody('', keys)}\nendobj\nstartxref\n${text9()}\n%%EOF\n`;
    expect(judge(Buffer.from(text, 'latin1'))).to.deep.equal(['structure XREF_WRONG']);
    function text9(): number {
      return `%PDF-1.7\n1 0 obj\n${CATALOGUE}\nendobj\n`.length;
    }
  });

  it('with object numbers beyond all bounds, and tables that claim millions', () => {
    const high = revise(writePdf({ 1: CATALOGUE, 2: PAGES }), { offsets: { 99000000: 20 } });
    expect(judge(high)).to.deep.equal(['structure TOO_LARGE']);
    const plain = writePdf({ 1: CATALOGUE, 2: PAGES }).toString('latin1');
    expect(judge(Buffer.from(plain.replace('xref\n0 3', 'xref\n0 9000000'), 'latin1'))).to.deep.equal([
      'structure TOO_LARGE',
    ]);
  });

  it('with thousands of revisions', () => {
    let pdf = writePdf({ 1: CATALOGUE, 2: PAGES });
    for (const [round, count] of [
      [0, 3],
      [1, 3],
    ] as const) {
      for (let i = 0; i < count; i += 1) pdf = revise(pdf, { objects: { [3 + round]: 'null' } });
    }
    expect(judge(pdf)).to.deep.equal(['structure UNSIGNED']);
    let text = pdf.toString('latin1');
    let previous = startOf(pdf);
    const parts = [text];
    let at = text.length;
    for (let i = 0; i < 5000; i += 1) {
      text = `xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev ${previous} >>\n`;
      previous = at;
      parts.push(text);
      at += text.length;
    }
    parts.push(`startxref\n${previous}\n%%EOF\n`);
    expect(judge(Buffer.from(parts.join(''), 'latin1'))).to.deep.equal(['structure TOO_LARGE']);
  });

  it('with strings and comments that never end, a hundred thousand of them', () => {
    for (const open of ['(', '<', '% ', '<< /A (', '[ % ']) {
      const objects = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [i + 3, `${open}/ByteRange`]));
      expect(judge(writePdf({ 1: CATALOGUE, 2: PAGES, ...objects })), open).to.deep.equal(['structure UNSIGNED']);
    }
  }).timeout(30_000);

  it('with more signatures than anybody makes', () => {
    const objects = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i + 3, roomBody('', 'x', 8)]));
    expect(judge(writePdf({ 1: CATALOGUE, 2: PAGES, ...objects }))).to.deep.equal(['structure TOO_LARGE']);
  });

  it('with a room of many megabytes', () => {
    const pdf = documentWithRoom(roomBody('', 'ETSI.CAdES.detached', 20 * 1024 * 1024));
    expect(judge(pdf)).to.deep.equal(['structure TOO_LARGE']);
  });

  it('after a signature, with as many tricks as revisions', async () => {
    let pdf: Uint8Array = await sign(formDocument(), signer);
    for (let i = 0; i < 50; i += 1) pdf = revise(pdf, { objects: { [AT.hidden]: '<< >>' } });
    expect(faultsOf(verifyPdf(pdf, { certificates: [root], at: NOW }))).to.deep.equal(['coverage OBJECT_REPLACED']);
  });

  it('with a hundred megabytes, in less than three hundred of memory', async function () {
    this.timeout(60_000);
    const folder = temporaryFolder();
    const path = join(folder.path, 'large.pdf');
    const [program, trust] = [join(folder.path, 'verify.mts'), join(folder.path, 'root.der')];
    const content = Buffer.alloc(100_000_000, 0x23);
    const head = Buffer.from(
      `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length ${content.length} >>\nstream\n`,
    );
    const offsets = [1, 2, 3, 4].map((number) => head.indexOf(`${number} 0 obj`));
    const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    const start = head.length + content.length + '\nendstream\nendobj\n'.length;
    const tail = `\nendstream\nendobj\nxref\n0 5\n0000000000 65535 f \n${table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
    const plain = Buffer.concat([head, content, Buffer.from(tail)]);
    const words = { page: 0, name: 'x', reason: 'y', location: 'z', at: SIGNED_AT };
    writeFileSync(path, await signPdf(appendSignature(plain, words), signer));
    writeFileSync(trust, root);
    const verifier = new URL('../../../signing/pdf/verify-pdf.ts', import.meta.url).href;
    writeFileSync(
      program,
      `import { readFileSync } from 'node:fs';
      import { verifyPdf } from '${verifier}';
      const policy = { certificates: [readFileSync('${trust}')], at: new Date('${NOW.toISOString()}') };
      const { valid } = verifyPdf(readFileSync('${path}'), policy);
      const [, kilobytes] = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
      console.log(JSON.stringify({ valid, kilobytes: Number(kilobytes) }));`,
    );
    const said = execFileSync(process.execPath, ['--import=tsx', program], { cwd: process.cwd() }).toString();
    const { valid, kilobytes } = JSON.parse(said) as { valid: boolean; kilobytes: number };
    expect(valid).to.equal(true);
    expect(kilobytes).to.be.lessThan(300 * 1024);
    folder.remove();
  });
});
