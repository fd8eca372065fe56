import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect } from 'chai';
import jsqr from 'jsqr';
import { SigningError } from '../../../signing/error.ts';
import { drawPng } from '../../../signing/face/draw-png.ts';
import type { Box } from '../../../signing/face/face.ts';
import type { LaidOutFace, LaidOutPage } from '../../../signing/face/laid-out-face.ts';
import { layOutFace } from '../../../signing/face/lay-out-face.ts';
import { openFont } from '../../../signing/font/open-font.ts';
import { drawOfd } from '../../../signing/ofd/draw-ofd.ts';
import { drawPdf } from '../../../signing/pdf/draw-pdf.ts';
import { requireProgram } from '../../world/programs.ts';
import { type FilledFace, QR_TEXT, readFilledFaces, withoutBaseImages } from './demo-faces.ts';
import { fonts } from './fonts.ts';
import { countInkedGlyphs, findBlankGlyphs, type Picture, readPgm } from './ink.ts';

const DPI = 150;
const AT = new Date('2026-11-22T06:00:00Z');
const FACTS = {
  docId: '0123456789abcdef0123456789abcdef',
  title: '样例',
  createdOn: '2026-11-22',
  createdAt: AT,
  customData: { ZZMC: '样例 & <证照>' },
  attachments: [
    {
      name: 'licence.json',
      format: 'json',
      mediaType: 'application/json',
      bytes: new TextEncoder().encode('{"a":1}'),
      createdAt: AT,
    },
  ],
};

const savePdf = async (face: LaidOutFace) => (await drawPdf(face, FACTS)).save({ useObjectStreams: false });

async function readPng(bytes: Uint8Array): Promise<Picture & { readonly rgba: Uint8ClampedArray }> {
  const image = await loadImage(bytes);
  const pen = createCanvas(image.width, image.height).getContext('2d');
  pen.drawImage(image, 0, 0);
  const rgba = pen.getImageData(0, 0, image.width, image.height).data;
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i++)
    grey[i] = ((rgba[i * 4] ?? 0) + (rgba[i * 4 + 1] ?? 0) + (rgba[i * 4 + 2] ?? 0)) / 3;
  return { width: image.width, height: image.height, grey, rgba };
}

const textsOf = (page: LaidOutPage) =>
  page.marks.flatMap((mark) =>
    mark.kind === 'glyphs' ? [String.fromCodePoint(...mark.glyphs.map(({ codePoint }) => codePoint))] : [],
  );

const withoutSpace = (text: string) => text.replace(/\s/g, '');

describe('the faces of the demonstration', function () {
  this.timeout(60_000);
  let faces: FilledFace[] = [];
  let folder = '';

  before(async () => {
    faces = await readFilledFaces();
    folder = mkdtempSync(join(tmpdir(), 'faces-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are twelve', () => {
    expect(faces).to.have.lengthOf(12);
  });

  it('have ink for every glyph of the PDF', async function () {
    const pdftoppm = requireProgram(this, 'pdftoppm');
    for (const { name, layout, content } of faces) {
      const face = layOutFace(withoutBaseImages(layout), content, fonts);
      const file = join(folder, `${name}.pdf`);
      writeFileSync(file, await savePdf(face));
      face.pages.forEach((page, i) => {
        const number = String(i + 1);
        const pgm = execFileSync(pdftoppm, ['-gray', '-r', String(DPI), '-f', number, '-l', number, file], {
          maxBuffer: 1e8,
        });
        expect(countInkedGlyphs(page), `${name} ${page.name}`).to.be.above(10);
        expect(findBlankGlyphs(page, readPgm(pgm)), `${name} ${page.name}`).to.deep.equal([]);
      });
    }
  });

  it('have ink for every glyph of the PNG', async () => {
    for (const { name, layout, content } of faces) {
      const face = layOutFace(withoutBaseImages(layout), content, fonts);
      for (const [i, page] of face.pages.entries()) {
        const picture = await readPng(await drawPng(face, { page: i, dpi: DPI }));
        expect(findBlankGlyphs(page, picture), `${name} ${page.name}`).to.deep.equal([]);
      }
    }
  });

  it('would be found blank on empty paper', () => {
    const [first] = faces;
    if (first === undefined) throw new Error('no face');
    const [page] = layOutFace(first.layout, first.content, fonts).pages;
    if (page === undefined) throw new Error('no page');
    const paper = { width: 800, height: 800, grey: new Uint8Array(640_000).fill(255) };
    expect(findBlankGlyphs(page, paper)).to.have.lengthOf(countInkedGlyphs(page));
  });

  it('give back their words from the PDF', async function () {
    const pdftotext = requireProgram(this, 'pdftotext');
    for (const { name, layout, content } of faces) {
      const face = layOutFace(layout, content, fonts);
      const file = join(folder, `${name}-text.pdf`);
      writeFileSync(file, await savePdf(face));
      const words = withoutSpace(execFileSync(pdftotext, ['-raw', '-enc', 'UTF-8', file, '-'], { encoding: 'utf8' }));
      for (const text of face.pages.flatMap(textsOf)) expect(words, name).to.include(withoutSpace(text));
    }
  });

  it('embed in the OFD, for every character, the outline of the font it was set in', () => {
    for (const { name, layout, content } of faces) {
      const face = layOutFace(layout, content, fonts);
      const { files } = drawOfd(face, FACTS);
      const embedded = [...files]
        .filter(([path]) => path.endsWith('.ttf'))
        .map(([path, { bytes }]) => openFont(path, bytes));
      expect(embedded, name).not.to.deep.equal([]);
      for (const mark of face.pages.flatMap((page) => page.marks)) {
        if (mark.kind !== 'glyphs') continue;
        const font = embedded.find((candidate) => candidate.name.endsWith(mark.font.name));
        for (const { codePoint } of mark.glyphs) {
          const extent = mark.font.extentOf(mark.font.glyphOf(codePoint));
          const glyph = font?.glyphOf(codePoint) ?? 0;
          expect(glyph, `${name} ${String.fromCodePoint(codePoint)}`).to.be.above(0);
          expect(font?.extentOf(glyph)).to.deep.equal(extent);
        }
      }
    }
  });

  it('carry a QR code that can be read from the PNG, over the base image', async () => {
    for (const { name, layout, content } of faces) {
      const face = layOutFace(layout, content, fonts);
      for (const [i, page] of layout.pages.entries()) {
        const code = page.items.find((item) => item.kind === 'qr');
        if (code?.kind !== 'qr') continue;
        const { width, height, rgba } = await readCrop(
          await drawPng(face, { page: i, dpi: 140 }),
          code.box,
          page.widthMm,
        );
        expect(jsqr.default(rgba, width, height)?.data, `${name} ${page.name}`).to.equal(QR_TEXT);
      }
    }
  });

  it('take no attachment whose name would be another path', () => {
    const [first] = faces;
    if (first === undefined) throw new Error('no face');
    const face = layOutFace(first.layout, first.content, fonts);
    for (const name of ['../licence.json', 'a/b.json', 'Attachments.xml', '']) {
      const attachments = FACTS.attachments.map((attachment) => ({ ...attachment, name }));
      expect(() => drawOfd(face, { ...FACTS, attachments }), name).to.throw(SigningError);
    }
  });

  it('number everything in one space, up to MaxUnitID', () => {
    for (const { name, layout, content } of faces) {
      const { files, pageIds } = drawOfd(layOutFace(layout, content, fonts), FACTS);
      const xml = [...files]
        .filter(([path]) => path.endsWith('.xml'))
        .map(([, { bytes }]) => new TextDecoder().decode(bytes));
      const ids = xml.flatMap((text) => [...text.matchAll(/ ID="(\d+)"/g)].map(([, id]) => Number(id)));
      const most = Number(/<ofd:MaxUnitID>(\d+)</.exec(xml.join(''))?.[1]);
      expect(new Set(ids).size, name).to.equal(ids.length);
      expect(Math.max(...ids), name).to.equal(most);
      expect(ids).to.include.members([...pageIds]);
    }
  });

  it('are drawn to the same bytes again', async () => {
    const [first] = faces;
    if (first === undefined) throw new Error('no face');
    const draw = () => layOutFace(first.layout, first.content, fonts);
    expect(await savePdf(draw())).to.deep.equal(await savePdf(draw()));
    expect([...drawOfd(draw(), FACTS).files]).to.deep.equal([...drawOfd(draw(), FACTS).files]);
  });
});

async function readCrop(png: Uint8Array, [x, y, width, height]: Box, pageWidthMm: number) {
  const image = await loadImage(png);
  const scale = image.width / pageWidthMm;
  const canvas = createCanvas(Math.round(width * scale), Math.round(height * scale));
  const pen = canvas.getContext('2d');
  pen.drawImage(image, -x * scale, -y * scale);
  return { width: canvas.width, height: canvas.height, rgba: pen.getImageData(0, 0, canvas.width, canvas.height).data };
}
