import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { drawSealPicture } from '../../../signing/seal/draw-seal-picture.ts';
import { fonts } from '../face/fonts.ts';

const SEAL = { name: '样例市市场监督管理局', purpose: '电子证照专用章', note: '测试专用', code: '41990000012345' };

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

  it('is refused when a character has no glyph', () => {
    expect(() => drawSealPicture({ name: '\u{e000}' }, fonts))
      .to.throw(SigningError)
      .with.property('code', 'GLYPH_MISSING');
  });
});
