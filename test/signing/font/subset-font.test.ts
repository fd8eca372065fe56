import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { layOutFace } from '../../../signing/face/lay-out-face.ts';
import { glyphBytes, openFont } from '../../../signing/font/open-font.ts';
import { openFontBook } from '../../../signing/font/open-font-book.ts';
import { readSfnt } from '../../../signing/font/sfnt.ts';
import { subsetFont } from '../../../signing/font/subset-font.ts';
import { writeSfnt } from '../../../signing/font/write-sfnt.ts';
import { drawPdf } from '../../../signing/pdf/draw-pdf.ts';
import { requireProgram } from '../../world/programs.ts';
import { FONT_DIR, fonts } from '../face/fonts.ts';
import { readPgm } from '../face/ink.ts';

const CFF_FONT = fileURLToPath(new URL('./fixtures/noto-serif-cjk-part.otf', import.meta.url));
const codePointsOf = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
const TEXT = '营业执照（正本）建设工程规划许可证ABCxyz0189，。';

function serif() {
  const [font] = fonts.chainOf('serif');
  if (font === undefined) throw new Error('no font');
  return font;
}

function bytesOf(view: DataView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

describe('cutting a font down', () => {
  it('keeps each character’s outline and advance, byte for byte', () => {
    const font = serif();
    const subset = subsetFont(font, codePointsOf(TEXT));
    const cut = openFont('cut', subset.bytes);
    for (const codePoint of codePointsOf(TEXT)) {
      const before = font.glyphOf(codePoint);
      const after = cut.glyphOf(codePoint);
      expect(after).to.equal(subset.glyphs.get(codePoint)).and.to.be.above(0);
      const outline = bytesOf(glyphBytes(font.sfnt, before));
      expect(outline).to.have.property('length').above(10);
      expect(bytesOf(glyphBytes(cut.sfnt, after)).subarray(0, outline.length)).to.deep.equal(outline);
      expect(cut.advanceOf(after)).to.equal(font.advanceOf(before));
    }
  });

  it('numbers glyphs in the order of code points, and keeps nothing else', () => {
    const subset = subsetFont(serif(), codePointsOf('照执业营'));
    expect([...subset.glyphs.keys()]).to.deep.equal(codePointsOf('照执业营').sort((a, b) => a - b));
    expect([...subset.glyphs.values()]).to.deep.equal([1, 2, 3, 4]);
    const cut = openFont('cut', subset.bytes);
    expect(cut.glyphCount).to.equal(5);
    expect(cut.glyphOf(0x8bc1)).to.equal(0);
  });

  it('makes the same bytes for the same characters in any order', () => {
    const forwards = subsetFont(serif(), codePointsOf(TEXT));
    const backwards = subsetFont(serif(), codePointsOf(TEXT).reverse());
    expect(backwards.bytes).to.deep.equal(forwards.bytes);
    expect(backwards.name)
      .to.equal(forwards.name)
      .and.to.match(/^[A-Z]{6}\+/);
  });

  it('writes checksums that add up', () => {
    const { bytes } = subsetFont(serif(), codePointsOf(TEXT));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let sum = 0;
    for (let at = 0; at < bytes.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
    expect(sum).to.equal(0xb1b0afba);
  });

  it('brings the parts of a composite glyph along', () => {
    const font = openFont('composite', makeComposite());
    const cut = openFont('cut', subsetFont(font, codePointsOf('B')).bytes);
    const composite = glyphBytes(cut.sfnt, cut.glyphOf(0x42));
    expect(composite.getInt16(0)).to.equal(-1);
    const part = composite.getUint16(12);
    expect(bytesOf(glyphBytes(cut.sfnt, part))).to.deep.equal(bytesOf(glyphBytes(font.sfnt, font.glyphOf(0x41))));
  });

  it('refuses a character that the font does not have', () => {
    expect(() => subsetFont(serif(), [0xe000]))
      .to.throw(SigningError)
      .with.property('code', 'GLYPH_MISSING');
  });

  it('refuses bytes that are no font, or cut short', () => {
    expect(() => openFont('no', Uint8Array.of(1, 2, 3, 4, 5))).to.throw(SigningError);
    const half = serif().bytes.subarray(0, 200);
    expect(() => openFont('half', half))
      .to.throw(SigningError)
      .with.property('code', 'MALFORMED');
  });
});

describe('the font book', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fonts-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('says what to run when the fonts are not prepared', () => {
    expect(() => openFontBook(folder))
      .to.throw(SigningError, /npm run prepare/)
      .with.property('code', 'FONT_MISSING');
  });

  it('finds rare name characters in the fallback fonts', () => {
    for (const character of '𠮷䶮㛃𬭛') {
      for (const role of ['serif', 'serif-bold', 'sans', 'sans-bold'] as const) {
        expect(fonts.fontFor(role, character.codePointAt(0) ?? 0), `${character} ${role}`).not.to.equal(undefined);
      }
    }
    expect(fonts.fontFor('serif', 0xe000)).to.equal(undefined);
  });

  it('asks the operator’s own fonts last, every font of a collection', () => {
    const outside = makeOwnFont(0xe000);
    writeFileSync(join(folder, 'own.ttc'), makeCollection([subsetFont(serif(), [0x41]).bytes, outside]));
    writeFileSync(join(folder, 'notes.txt'), 'not a font');
    const book = openFontBook(FONT_DIR, { extraDirs: [folder] });
    expect(book.fontFor('serif', 0xe000)?.id).to.equal('own.ttc#1');
    expect(book.fontFor('serif', 0x41)?.id).to.equal('serif.ttf');
    expect(subsetFont(book.fontFor('serif', 0xe000) ?? serif(), [0xe000]).glyphs.size).to.equal(1);
  });
});

describe('a font with CFF outlines', () => {
  it('draws in the PDF the glyphs that were meant', async function () {
    const pdftoppm = requireProgram(this, 'pdftoppm');
    const font = openFont('part.otf', readFileSync(CFF_FONT));
    const book = { fontFor: () => font, chainOf: () => [font] };
    const draw = async (text: string) => {
      const item = { kind: 'text', text, box: [5, 5, 90, 20], sizeMm: 12 } as const;
      const layout = { pages: [{ name: '页', widthMm: 100, heightMm: 30, items: [item] }] };
      const face = layOutFace(layout, { values: {}, images: {}, qr: '' }, book);
      const facts = { title: '', createdAt: new Date(0), customData: {}, attachments: [] };
      const pdf = await (await drawPdf(face, facts)).save({ useObjectStreams: false });
      return readPgm(execFileSync(pdftoppm, ['-gray', '-r', '100', '-'], { input: pdf, maxBuffer: 1e8 })).grey;
    };
    const ink = async (text: string) => (await draw(text)).filter((grey) => grey < 128).length;
    expect(await ink('营业执照')).to.be.above(500);
    // Dense and sparse characters keep their difference only when codes lead to the right glyphs.
    expect(await ink('照照照照')).to.be.above(1.5 * (await ink('市市市市')));
    expect(await draw('执照')).not.to.deep.equal(await draw('照执'));
  });
});

/** A font whose B is a composite of its A. */
function makeComposite(): Uint8Array {
  const plain = openFont('plain', subsetFont(serif(), codePointsOf('AB')).bytes);
  const tables = new Map([...plain.sfnt.tables].map(([tag, view]) => [tag, new Uint8Array(bytesOf(view))]));
  const letter = new Uint8Array(bytesOf(glyphBytes(plain.sfnt, 1)));
  const composite = new DataView(new ArrayBuffer(16));
  composite.setInt16(0, -1);
  composite.setUint16(10, 0x0002);
  composite.setUint16(12, 1);
  const padded = (letter.length + 3) & ~3;
  const glyf = new Uint8Array(padded + 16);
  glyf.set(letter);
  glyf.set(new Uint8Array(composite.buffer), padded);
  const loca = new DataView(new ArrayBuffer(16));
  writeNumbers(loca, 0, [0, 0, padded, padded + 16]);
  tables.set('glyf', glyf);
  tables.set('loca', new Uint8Array(loca.buffer));
  return writeSfnt(0x00010000, tables);
}

/** A font with one character of the private use area. */
function makeOwnFont(codePoint: number): Uint8Array {
  const { bytes } = subsetFont(serif(), [0x4e00]);
  const tables = new Map([...readSfnt(bytes).tables].map(([tag, view]) => [tag, new Uint8Array(bytesOf(view))]));
  const cmap = new DataView(new ArrayBuffer(40));
  cmap.setUint16(2, 1);
  cmap.setUint16(4, 3);
  cmap.setUint16(6, 10);
  cmap.setUint32(8, 12);
  cmap.setUint16(12, 12);
  writeNumbers(cmap, 16, [28, 0, 1, codePoint, codePoint, 1]);
  tables.set('cmap', new Uint8Array(cmap.buffer));
  return writeSfnt(0x00010000, tables);
}

/** A collection (TTC): a header, then the fonts with their table offsets moved. */
function makeCollection(parts: readonly Uint8Array[]): Uint8Array {
  const header = 12 + parts.length * 4;
  const starts: number[] = [];
  let length = header;
  for (const part of parts) {
    starts.push(length);
    length += part.length;
  }
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  writeNumbers(view, 0, [0x74746366, 0x00010000, parts.length, ...starts]);
  parts.forEach((part, i) => {
    const start = starts[i] ?? 0;
    file.set(part, start);
    for (let j = 0; j < view.getUint16(start + 4); j++) {
      const entry = start + 12 + j * 16 + 8;
      view.setUint32(entry, view.getUint32(entry) + start);
    }
  });
  return file;
}

function writeNumbers(view: DataView, at: number, numbers: readonly number[]): void {
  for (const [i, value] of numbers.entries()) view.setUint32(at + i * 4, value);
}
