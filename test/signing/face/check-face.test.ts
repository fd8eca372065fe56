import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { checkFace } from '../../../signing/face/check-face.ts';
import type { FaceContent, FaceItem, FaceLayout, TextItem } from '../../../signing/face/face.ts';
import type { GlyphRun } from '../../../signing/face/laid-out-face.ts';
import { layOutFace } from '../../../signing/face/lay-out-face.ts';
import { fonts } from './fonts.ts';

const layoutOf = (...items: FaceItem[]): FaceLayout => ({
  pages: [{ name: '正本', widthMm: 210, heightMm: 297, items }],
});
const textOf = (text: string, more: Partial<TextItem> = {}): TextItem => ({
  kind: 'text',
  text,
  box: [20, 20, 50, 10],
  sizeMm: 5,
  ...more,
});
const contentOf = (values: Record<string, string>, images: Record<string, Uint8Array> = {}): FaceContent => ({
  values,
  images,
  qr: '',
});
const runsOf = (item: TextItem, values: Record<string, string> = {}): GlyphRun[] => {
  const face = layOutFace(layoutOf(item), contentOf(values), fonts);
  return (face.pages[0]?.marks ?? []).flatMap((mark) => (mark.kind === 'glyphs' ? [mark] : []));
};
const wordsOf = (run: GlyphRun | undefined) =>
  String.fromCodePoint(...(run?.glyphs ?? []).map(({ codePoint }) => codePoint));

describe('checking a face before it is sealed', () => {
  it('finds nothing wrong with a text that fits', () => {
    expect(checkFace(layoutOf(textOf('名称 {name}')), contentOf({ name: '样例公司' }), fonts)).to.deep.equal([]);
  });

  it('names all faults at once, with the fields that were drawn', () => {
    const layout: FaceLayout = {
      pages: [
        {
          name: '正本',
          widthMm: 210,
          heightMm: 297,
          baseImage: 'ground',
          items: [textOf('{name}'), textOf('{scope}'), { kind: 'image', field: 'plan', box: [20, 100, 50, 50] }],
        },
      ],
    };
    const content = contentOf({ name: '欧阳\u{e000}', scope: '经营'.repeat(200) }, { plan: Uint8Array.of(1, 2, 3) });
    expect(checkFace(layout, content, fonts)).to.deep.equal([
      { code: 'IMAGE_MISSING', fields: ['ground'], text: 'ground', page: 0, item: -1 },
      { code: 'GLYPH_MISSING', fields: ['name'], text: '\u{e000}', page: 0, item: 0 },
      { code: 'TEXT_OVERFLOW', fields: ['scope'], text: '经营'.repeat(200), page: 0, item: 1 },
      { code: 'IMAGE_UNREADABLE', fields: ['plan'], text: 'plan', page: 0, item: 2 },
    ]);
  });

  it('refuses to lay out what is at fault', () => {
    const layOut = () => layOutFace(layoutOf(textOf('{name}')), contentOf({ name: '\u{e000}' }), fonts);
    expect(layOut).to.throw(SigningError).with.property('code', 'GLYPH_MISSING');
  });

  it('draws a control character as a fault, not as nothing', () => {
    expect(checkFace(layoutOf(textOf('{name}')), contentOf({ name: '样\u0007例' }), fonts)).to.have.lengthOf(1);
  });
});

describe('setting text into its box', () => {
  it('sets a long text smaller, but never below the smallest size', () => {
    const [run] = runsOf(textOf('样例市自然资源和规划局', { box: [20, 20, 50, 5.5] }));
    expect(run?.sizeMm).to.be.within(3, 4.6);
    expect(
      checkFace(
        layoutOf(textOf('样例市自然资源和规划局', { box: [20, 20, 50, 5.5], minSizeMm: 4.9 })),
        contentOf({}),
        fonts,
      ),
    ).to.have.lengthOf(1);
  });

  it('keeps every glyph inside the box', () => {
    for (const align of ['left', 'center', 'right', 'justify'] as const) {
      for (const run of runsOf(
        textOf('　　根据《城乡规划法》（2019年修正）和GB/T 33190-2016的规定，准予许可。', {
          align,
          box: [20, 20, 50, 40],
        }),
      )) {
        for (const glyph of run.glyphs) {
          expect(glyph.xMm).to.be.at.least(20 - 1e-6);
          // A closing mark's right half is blank and may hang over.
          expect(glyph.xMm + glyph.advanceMm / 2).to.be.at.most(70 + 1e-6);
        }
        expect(run.baselineMm).to.be.within(20, 60);
      }
    }
  });

  it('fills justified lines to the edge and leaves the last as it is', () => {
    const runs = runsOf(
      textOf('样例市自然资源和规划局关于建设工程的意见', { align: 'justify', box: [20, 20, 52, 20] }),
    );
    const ends = runs.map(({ glyphs }) => (glyphs.at(-1)?.xMm ?? 0) + (glyphs.at(-1)?.advanceMm ?? 0));
    expect(ends[0]).to.be.closeTo(72, 1e-6);
    expect(ends[1]).to.be.below(72);
  });

  it('begins a new line where the value does', () => {
    expect(
      runsOf(textOf('{notes}', { box: [20, 20, 100, 40] }), { notes: '一、甲\n二、乙' }).map(wordsOf),
    ).to.deep.equal(['一、甲', '二、乙']);
  });

  it('draws a rare character from the next font of the chain', () => {
    const runs = runsOf(textOf('{name}'), { name: '𠮷田䶮' });
    expect(runs.map(wordsOf)).to.deep.equal(['𠮷', '田䶮']);
    expect(runs[0]?.font).not.to.equal(runs[1]?.font);
  });

  it('leaves an item out when the value it depends on is empty', () => {
    const item = textOf('承诺审批', { when: 'commitmentMark' });
    expect(runsOf(item, { commitmentMark: '' })).to.deep.equal([]);
    expect(runsOf(item, { commitmentMark: '承诺审批' })).to.have.lengthOf(1);
  });

  it('takes placeholders of a value for plain words', () => {
    expect(runsOf(textOf('{a}'), { a: '{b}', b: '不应出现' }).map(wordsOf)).to.deep.equal(['{b}']);
  });
});
