import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import type { LaidOutFace } from '../../../signing/face/laid-out-face.ts';
import { layOutFace } from '../../../signing/face/lay-out-face.ts';
import { readImage } from '../../../signing/face/read-image.ts';
import { openFont } from '../../../signing/font/open-font.ts';
import { drawOfd, type OfdFacts } from '../../../signing/ofd/draw-ofd.ts';
import type { OfdPackage } from '../../../signing/ofd/package.ts';
import { readOfdCustomData } from '../../../signing/ofd/read-custom-data.ts';
import { pressSeal, sealOfd } from '../../../signing/ofd/seal-ofd.ts';
import { addSignature, signOfd } from '../../../signing/ofd/sign-ofd.ts';
import { verifyOfd } from '../../../signing/ofd/verify-ofd.ts';
import { childNamed, childrenNamed, parseXml, type XmlElement } from '../../../signing/ofd/xml-tree.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { requireProgram } from '../../world/programs.ts';
import { readFilledFaces } from '../face/demo-faces.ts';
import { fonts } from '../face/fonts.ts';
import { LATER } from './sealed-package.ts';
import { makeSigningOffice } from './signed-package.ts';

const AT = new Date('2026-06-02T00:00:00Z');
const FACTS: OfdFacts = {
  docId: '0123456789abcdef0123456789abcdef',
  title: '样例',
  createdOn: '2026-06-02',
  customData: { ZZMC: '样例' },
  attachments: [{ name: 'licence.json', format: 'json', bytes: Buffer.from('{"a":1}'), createdAt: AT }],
};

/** The rules of the archive profile (GB/T 42133-2022) that a licence keeps from the start, on every face of the demonstration. */
describe('a drawn OFD, as archives want it', function () {
  this.timeout(60_000);
  const drawn: { readonly name: string; readonly face: LaidOutFace; readonly ofd: OfdPackage }[] = [];
  before(async () => {
    for (const { name, layout, content } of await readFilledFaces()) {
      const face = layOutFace(layout, content, fonts);
      drawn.push({ name, face, ofd: drawOfd(face, FACTS) });
    }
    expect(drawn).to.have.length(12);
  });

  const bytesOf = (ofd: OfdPackage, path: string) => ofd.files.get(path)?.bytes ?? new Uint8Array();
  const xmlOf = (ofd: OfdPackage, path: string) => parseXml(bytesOf(ofd, path));
  const xmlPaths = (ofd: OfdPackage) => [...ofd.files.keys()].filter((path) => path.endsWith('.xml'));
  const walk = (element: XmlElement): XmlElement[] => [element, ...element.children.flatMap(walk)];
  const all = (ofd: OfdPackage) => xmlPaths(ofd).flatMap((path) => walk(xmlOf(ofd, path)));
  const named = (ofd: OfdPackage, name: string) => all(ofd).filter((element) => element.name === name);

  it('has one document, and names nothing outside of the package', () => {
    for (const { name, ofd } of drawn) {
      expect(named(ofd, 'DocBody'), name).to.have.length(1);
      const texts = all(ofd).flatMap(({ attributes, text }) => [...Object.values(attributes), text]);
      expect(
        texts.filter((text) => /^(https?|file|ftp):|\.\.\//.test(text)),
        name,
      ).to.deep.equal([]);
    }
  });

  it('restricts nothing, extends nothing, plays nothing and does nothing by itself', () => {
    const forbidden = new Set([
      ...['Permissions', 'VPreferences', 'Extensions', 'Actions', 'Action', 'Encrypt', 'Video', 'Sound', 'Movie'],
      ...['Bookmarks', 'Versions', 'Annotations', 'CompositeObject'],
    ]);
    for (const { name, ofd } of drawn) {
      expect(
        all(ofd).filter((element) => forbidden.has(element.name)),
        name,
      ).to.deep.equal([]);
      for (const { attributes } of named(ofd, 'MultiMedia')) expect(attributes.Type).to.equal('Image');
    }
  });

  it('embeds every font, cut down to what is used', () => {
    for (const { name, ofd } of drawn) {
      const used = new Set(named(ofd, 'TextObject').map(({ attributes }) => attributes.Font));
      const declared = named(ofd, 'Font');
      expect(new Set(declared.map(({ attributes }) => attributes.ID)), name).to.deep.equal(used);
      for (const font of declared) {
        const path = `Doc_0/Res/${childNamed(font, 'FontFile')?.text}`;
        const bytes = bytesOf(ofd, path);
        expect(openFont(path, bytes).unitsPerEm, `${name} ${path}`).to.be.greaterThan(0);
        expect(bytes.length, `${name} ${path}`).to.be.within(100, 400_000);
      }
    }
  });

  it('has fonts and colour spaces in PublicRes, and all else in DocumentRes', () => {
    for (const { name, ofd } of drawn) {
      const inside = (path: string) => xmlOf(ofd, path).children.map((child) => child.name);
      expect(inside('Doc_0/PublicRes.xml'), name).to.deep.equal(['ColorSpaces', 'Fonts']);
      if (ofd.files.has('Doc_0/DocumentRes.xml')) {
        expect(inside('Doc_0/DocumentRes.xml'), name).to.deep.equal(['MultiMedias']);
      }
      expect(named(ofd, 'PageRes'), name).to.deep.equal([]);
      for (const { attributes } of named(ofd, 'ColorSpace'))
        expect(attributes.Type).to.be.oneOf(['GRAY', 'RGB', 'CMYK']);
    }
  });

  it('has pictures in formats that archives take, stated as they are', () => {
    for (const { name, ofd } of drawn) {
      for (const media of named(ofd, 'MultiMedia')) {
        const bytes = bytesOf(ofd, `Doc_0/Res/${childNamed(media, 'MediaFile')?.text}`);
        expect(readImage(bytes)?.format.toUpperCase(), name).to.equal(media.attributes.Format);
      }
    }
  });

  it('nests no blocks, names no two layers alike, and smooths no picture', () => {
    for (const { name, ofd } of drawn) {
      expect(named(ofd, 'PageBlock'), name).to.deep.equal([]);
      for (const path of xmlPaths(ofd).filter((one) => one.endsWith('Content.xml'))) {
        const content = childNamed(xmlOf(ofd, path), 'Content');
        const layers = content ? childrenNamed(content, 'Layer') : [];
        const types = layers.map(({ attributes }) => attributes.Name ?? attributes.Type);
        expect(new Set(types).size, `${name} ${path}`).to.equal(layers.length);
      }
      expect(all(ofd).filter(({ attributes }) => attributes.Interpolate === 'true')).to.deep.equal([]);
    }
  });

  it('names every file it holds, and keeps its attachments plain', () => {
    for (const { name, ofd } of drawn) {
      const texts = all(ofd).flatMap(({ attributes, text }) => [text, attributes.BaseLoc ?? '']);
      for (const path of ofd.files.keys()) {
        if (path === 'OFD.xml') continue;
        const file = path.split('/').at(-1) ?? '';
        expect(
          texts.some((text) => text.endsWith(file)),
          `${name} ${path}`,
        ).to.equal(true);
      }
      for (const { attributes } of named(ofd, 'Attachment'))
        expect(attributes.Format).to.be.oneOf(['json', 'xml', 'txt']);
    }
  });

  it('is XML to other programs too, and the same bytes again', function () {
    const xmllint = requireProgram(this, 'xmllint');
    for (const { name, face, ofd } of drawn) {
      for (const path of xmlPaths(ofd)) {
        execFileSync(xmllint, ['--noout', '--nonet', '-'], { input: bytesOf(ofd, path) });
      }
      const again = writePackage(drawOfd(face, FACTS).files);
      expect(Buffer.compare(writePackage(ofd.files), again), name).to.equal(0);
    }
  });

  describe('and sealed', () => {
    let office: Awaited<ReturnType<typeof makeSigningOffice>>;
    before(async () => {
      office = await makeSigningOffice();
    });
    const report = (bytes: Uint8Array) => {
      const { checks } = verifyOfd(bytes, office.policy);
      return checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);
    };

    it('several times and on several pages, with a seal across the seam, is valid', async () => {
      const [one] = drawn;
      if (!one) throw new Error('no face');
      const second = await office.member('第二局');
      const seal = await office.sealFor(second.certificate, '骑缝章');
      const pages = one.ofd.pageIds.map((_, page) => page);
      const slice = 42 / pages.length;
      const first = await pressSeal(one.ofd, {
        ...office.request,
        stamps: pages.map((page) => ({ page, box: [120, 200, 42, 42] })),
      });
      const bytes = await sealOfd(first, {
        ...office.request,
        signer: second,
        seal,
        stamps: pages.map((page) => ({ page, box: [190, 100, 42, 42], clip: [slice * page, 0, slice, 42] })),
      });
      expect(report(bytes)).to.deep.equal([]);
      const description = Buffer.from(
        readPackage(bytes).files.get('Doc_0/Signs/Sign_1/Signature.xml') ?? [],
      ).toString();
      const annotations = [
        ...description.matchAll(/<ofd:StampAnnot ID="([^"]+)" PageRef="(\d+)" Boundary="[^"]+" Clip="/g),
      ];
      expect(annotations.map(([, , pageRef]) => Number(pageRef))).to.deep.equal([...one.ofd.pageIds]);
      expect(new Set(annotations.map(([, id]) => id)).size).to.equal(pages.length);
    });

    it('is refused when a signature that it announces was taken away', async () => {
      const [one] = drawn;
      if (!one) throw new Error('no face');
      const stamps = [{ page: 0, box: [120, 200, 42, 42] as const }];
      const announced = drawOfd(one.face, {
        ...FACTS,
        signatures: { types: ['Seal', 'Sign'], signer: office.repository.certificate },
      });
      const sealed = await pressSeal(announced, { ...office.request, stamps });
      const finished = writePackage((await addSignature(sealed, office.outer)).files);
      expect(report(finished)).to.deep.equal([]);
      expect(readOfdCustomData(finished)).to.deep.equal(new Map([['ZZMC', '样例']]));
      const stripped = writePackage(sealed.files);
      expect(report(stripped)).to.deep.equal(['SIGNATURE_STRIPPED']);
      const other = await office.member('某甲公司');
      const provider = { name: 'Other', version: '1', company: '某甲' };
      const inPlace = { ...office.outer, signer: other };
      expect(report(await signOfd(stripped, inPlace))).to.deep.equal(['SIGNATURE_STRIPPED']);
      expect(report(await signOfd(stripped, { ...inPlace, provider }))).to.deep.equal(['SIGNATURE_STRIPPED']);
      const seal = await office.sealFor(other.certificate, '某甲公司章');
      const covered = await sealOfd(stripped, { ...office.request, seal, signer: other, provider, stamps });
      expect(report(covered)).to.deep.equal(['SIGNATURE_STRIPPED']);
      expect(report(await signOfd(finished, { ...inPlace, provider }))).to.deep.equal([]);
      expect(verifyOfd(finished, { ...office.policy, at: LATER }).valid).to.equal(true);
    });
  });
});
