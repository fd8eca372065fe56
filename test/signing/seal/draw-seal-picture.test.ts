import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { drawPersonalSeal } from '../../../signing/seal/draw-personal-seal.ts';
import { drawSealPicture } from '../../../signing/seal/draw-seal-picture.ts';
import { fonts } from '../face/fonts.ts';

const SEAL = { name: '样例市市场监督管理局', purpose: '电子证照专用章', note: '测试专用', code: '4199000012345' };

async function pixelsOf(png: Uint8Array) {
  const image = await loadImage(png);
  const pen = createCanvas(image.width, image.height).getContext('2d');
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  const at = (x: number, y: number) => [...data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 4)];
  return { width: image.width, height: image.height, at };
}

describe('the picture of a seal', () => {
  it('is 42 mm at 300 dpi, red on a transparent ground, in less than 40 kB', async () => {
    const png = drawSealPicture(SEAL, fonts);
    expect(png.length).to.be.below(40_000);
    const { width, height, at } = await pixelsOf(png);
    expect([width, height]).to.deep.equal([497, 497]);
    expect(at(2, 2)[3]).to.equal(0);
    const [red = 0, green = 255, blue = 255, opacity] = at(248, 210);
    expect(opacity).to.equal(255);
    expect(red).to.be.above(200);
    expect(Math.max(green, blue)).to.be.below(60);
  });

  it('is the same for the same seal, and another for another name', () => {
    expect(drawSealPicture(SEAL, fonts)).to.deep.equal(drawSealPicture(SEAL, fonts));
    expect(drawSealPicture({ ...SEAL, name: '样例市交通运输局' }, fonts)).not.to.deep.equal(
      drawSealPicture(SEAL, fonts),
    );
  });

  it('is drawn at the size, in the fineness and in the colour asked for, its ring in proportion', async () => {
    const { width, at } = await pixelsOf(
      drawSealPicture({ ...SEAL, diameterMm: 45, dpi: 600, colour: '#102080' }, fonts),
    );
    expect(width).to.equal(1063);
    expect(at(532, 450)).to.deep.equal([0x10, 0x20, 0x80, 255]);
    const middle = Array.from({ length: 80 }, (_, x) => at(x, 532)[3] ?? 0);
    const ring = middle.filter((opacity) => opacity > 127).length;
    expect((ring / width) * 45, 'millimetres').to.be.within(1.2, 1.4);
  });

  for (const count of [3, 8, 13, 18, 24, 30, 40]) {
    it(`keeps a name of ${count} letters clear of ring, star, purpose and code, evenly to both sides`, async () => {
      const name = '国'.repeat(count);
      const named = await pixelsOf(drawSealPicture({ ...SEAL, name, purpose: ' ', note: ' ', code: ' ' }, fonts));
      const worded = await pixelsOf(drawSealPicture({ ...SEAL, name: ' ' }, fonts));
      const bare = await pixelsOf(drawSealPicture({ name: ' ', purpose: ' ' }, fonts));
      const half = named.width / 2;
      const ink = { left: 0, right: 0, shared: 0, nearRing: 0, nearStar: 0 };
      for (let y = 0; y < named.height; y++) {
        for (let x = 0; x < named.width; x++) {
          if ((bare.at(x, y)[3] ?? 0) > 0 || (named.at(x, y)[3] ?? 0) === 0) continue;
          const radius = Math.hypot(x - half, y - half) / half;
          ink[x < half ? 'left' : 'right'] += 1;
          if ((worded.at(x, y)[3] ?? 0) > 0) ink.shared += 1;
          if (radius > 0.91) ink.nearRing += 1;
          if (radius < 0.5) ink.nearStar += 1;
        }
      }
      expect(ink.left).to.be.above(1000);
      expect(Math.abs(ink.left / ink.right - 1)).to.be.below(0.05);
      expect(ink).to.include({ shared: 0, nearRing: 0, nearStar: 0 });
    });
  }

  it('is refused when a character has no glyph', () => {
    expect(() => drawSealPicture({ name: '\u{e000}' }, fonts))
      .to.throw(SigningError)
      .with.property('code', 'GLYPH_MISSING');
  });
});

describe('the picture of a person’s seal', () => {
  const SIDE = 237;
  /** Pixels of a quarter of the square, without the frame. */
  const quarter = async (name: string, right: boolean, low: boolean) => {
    const { at } = await pixelsOf(drawPersonalSeal({ name }, fonts).png);
    const half = Math.floor(SIDE / 2);
    const [left, top] = [right ? half : 15, low ? half : 15];
    return Array.from({ length: 100 * 100 }, (_, i) => at(left + (i % 100), top + Math.floor(i / 100))[3]);
  };

  it('is a square of 20 mm with a frame, on a transparent ground', async () => {
    const drawn = drawPersonalSeal({ name: '王小明' }, fonts);
    expect(drawn).to.include({ widthMm: 20, heightMm: 20 });
    const { width, height, at } = await pixelsOf(drawn.png);
    expect([width, height]).to.deep.equal([SIDE, SIDE]);
    expect(at(5, 118)[3]).to.equal(255);
    expect(at(16, 16)[3]).to.equal(0);
  });

  it('is read in columns from the right, and ends in 印 where the name leaves room', async () => {
    expect(await quarter('王小明', true, false)).to.deep.equal(await quarter('王大年', true, false));
    expect(await quarter('王小明', true, true)).to.not.deep.equal(await quarter('王大年', true, true));
    expect(await quarter('王小明', false, false)).to.not.deep.equal(await quarter('王大年', false, false));
    const seal = await quarter('王小明', false, true);
    expect(seal).to.deep.equal(await quarter('李大年', false, true));
    expect(seal).to.deep.equal(await quarter('张三', false, true));
    expect(await quarter('张三', false, false)).to.deep.equal(await quarter('李四', false, false));
    expect(await quarter('欧阳小明', false, true)).to.deep.equal(await quarter('王小之明', false, true));
  });

  it('is an oblong in one line for long names, or where asked for', async () => {
    const long = drawPersonalSeal({ name: '阿卜杜拉·买买提' }, fonts);
    expect(long).to.include({ widthMm: 42, heightMm: 12 });
    const signature = drawPersonalSeal({ name: '李明', style: 'oblong', dpi: 150, colour: '#000000' }, fonts);
    expect(signature).to.include({ widthMm: 20, heightMm: 12 });
    const { width, at } = await pixelsOf(signature.png);
    expect(width).to.equal(119);
    expect(at(2, 35)).to.deep.equal([0, 0, 0, 255]);
  });

  it('is refused when a character has no glyph', () => {
    expect(() => drawPersonalSeal({ name: '王\u{e000}' }, fonts))
      .to.throw(SigningError)
      .with.property('code', 'GLYPH_MISSING');
  });
});
