import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { checkOfdA } from '../../../signing/archive/check-ofd-a.ts';
import { makeArchiveCopy } from '../../../signing/archive/make-archive-copy.ts';
import { layOutFace } from '../../../signing/face/lay-out-face.ts';
import { drawOfd } from '../../../signing/ofd/draw-ofd.ts';
import { pressSeal } from '../../../signing/ofd/seal-ofd.ts';
import { addSignature } from '../../../signing/ofd/sign-ofd.ts';
import { drawSealPicture } from '../../../signing/seal/draw-seal-picture.ts';
import { makeSeal } from '../../../signing/seal/make-seal.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { requireProgram } from '../../world/programs.ts';
import { readFilledFaces } from '../face/demo-faces.ts';
import { fonts } from '../face/fonts.ts';
import { MADE } from '../ofd/sealed-package.ts';
import { makeSigningOffice } from '../ofd/signed-package.ts';

describe('the archive copy of a sealed OFD', function () {
  this.timeout(60_000);
  const originals: { readonly name: string; readonly bytes: Uint8Array }[] = [];
  const textOf = (bytes: Uint8Array, path: string) => Buffer.from(readPackage(bytes).files.get(path) ?? []).toString();
  const copyOf = (bytes: Uint8Array) => {
    const made = makeArchiveCopy(bytes);
    if ('reason' in made) throw new Error(made.reason);
    return made.ofd;
  };

  before(async () => {
    const office = await makeSigningOffice();
    const seal = await makeSeal({
      ...{ vendor: 'Zhengku', esId: '41010000000009', name: '样例局电子证照专用章', type: 1, createdAt: MADE },
      ...{ validFrom: MADE, validTo: new Date('2028-01-01T00:00:00Z'), maker: office.maker },
      certificates: [office.signer.certificate],
      picture: { type: 'png', data: drawSealPicture({ name: '样例局' }, fonts), widthMm: 42, heightMm: 42 },
    });
    for (const { name, layout, content } of (await readFilledFaces()).slice(0, 4)) {
      const face = layOutFace(layout, content, fonts);
      const drawn = drawOfd(face, {
        ...{ docId: '0123456789abcdef0123456789abcdef', title: name, createdOn: '2026-06-02', attachments: [] },
        customData: { ZZMC: name, ZZBS: 'X' },
        signatures: { types: ['Seal', 'Sign'], signer: office.repository.certificate },
      });
      const stamps = face.pages.flatMap((page, index) => page.seals.map((box) => ({ page: index, box })));
      const sealed = await pressSeal(drawn, { ...office.request, seal, stamps });
      originals.push({ name, bytes: writePackage((await addSignature(sealed, office.outer)).files) });
    }
  });

  it('keeps every rule of OFD-A, which the original does not', () => {
    for (const { name, bytes } of originals) {
      expect(checkOfdA(copyOf(bytes)), name).to.deep.equal([]);
      expect(checkOfdA(bytes).map(({ rule }) => rule)).to.include.members(['DOC_TYPE', 'SIGNED']);
    }
  });

  it('shows each seal where it was pressed, by an annotation that says who, when and over what', () => {
    for (const { name, bytes } of originals) {
      const copy = copyOf(bytes);
      const files = [...readPackage(copy).files.keys()];
      expect(
        files.filter((path) => path.includes('Sign')),
        name,
      ).to.deep.equal([]);
      const notes = files
        .filter((path) => path.endsWith('Annotation.xml'))
        .map((path) => textOf(copy, path))
        .join('');
      const seals = [...textOf(bytes, 'Doc_0/Signs/Sign_0/Signature.xml').matchAll(/Boundary="([^"]+)"/g)];
      for (const [, boundary] of seals)
        expect(notes).to.include(`<ofd:Appearance Boundary="${boundary}"><ofd:ImageObject`);
      expect(notes)
        .to.include('样例局')
        .and.include('2026-06-02T03:04:05')
        .and.match(/摘要">[0-9a-f]{64}</);
      expect(notes).to.include('数字签名').and.include('Visible="false"');
    }
  });

  it('changes nothing of the pages, is the same bytes again, and is XML to other programs', function () {
    const xmllint = requireProgram(this, 'xmllint');
    for (const { name, bytes } of originals) {
      const [before, after] = [readPackage(bytes).files, readPackage(copyOf(bytes)).files];
      for (const [path, part] of before) {
        if (/Pages\/|Res\/|PublicRes|Attach/.test(path))
          expect(Buffer.compare(part, after.get(path) ?? part)).to.equal(0);
      }
      expect(Buffer.compare(copyOf(bytes), copyOf(bytes)), name).to.equal(0);
      for (const [path, part] of after)
        if (path.endsWith('.xml')) execFileSync(xmllint, ['--noout', '--nonet', '-'], { input: part });
    }
  });

  it('is not made of what cannot be changed faithfully, and says why', () => {
    const [one] = originals;
    if (!one) throw new Error('no original');
    const change = (path: string, what: RegExp, by: string) => {
      const files = new Map(readPackage(one.bytes).files);
      files.set(path, Buffer.from(textOf(one.bytes, path).replace(what, by)));
      return makeArchiveCopy(writePackage(files));
    };
    const pages = '<ofd:Pages>';
    expect(change('Doc_0/PublicRes.xml', /<ofd:FontFile>[^<]*<\/ofd:FontFile>/, '')).to.deep.include({
      reason: 'FONT_NOT_EMBEDDED Doc_0/PublicRes.xml',
    });
    expect(
      change('Doc_0/Document.xml', /<ofd:Pages>/, `<ofd:Annotations>A.xml</ofd:Annotations>${pages}`),
    ).to.deep.equal({
      reason: 'ANNOTATED',
    });
    expect(change('Doc_0/Document.xml', /<\/ofd:Pages>/, '</ofd:Pages><ofd:Permissions/>')).to.deep.equal({
      reason: 'FORBIDDEN_ELEMENT Doc_0/Document.xml Permissions',
    });
    expect(makeArchiveCopy(Buffer.from('no package'))).to.deep.equal({ reason: 'UNREADABLE' });
  });
});
