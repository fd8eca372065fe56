import { inflateSync } from 'node:zlib';
import { createCanvas } from '@napi-rs/canvas';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { readImage } from '../../../signing/face/read-image.ts';
import { alphaOfPalette, splitAlpha } from '../../../signing/pdf/split-alpha.ts';
import { writeStampPng } from '../../../signing/seal/write-stamp-png.ts';

function dataOf(png: Uint8Array): Uint8Array {
  const at = Buffer.from(png).indexOf('IDAT');
  const length = new DataView(png.buffer, png.byteOffset).getUint32(at - 4);
  return png.subarray(at + 4, at + 4 + length);
}

function drawPicture() {
  const canvas = createCanvas(61, 37);
  const pen = canvas.getContext('2d');
  for (let i = 0; i < 40; i++) {
    pen.fillStyle = `rgba(${(i * 37) % 256}, ${(i * 91) % 256}, ${(i * 53) % 256}, ${i % 3 === 0 ? 1 : 0.5})`;
    pen.fillRect((i * 13) % 61, (i * 7) % 37, 9, 8);
  }
  return canvas;
}

describe('transparency of pictures in a PDF', () => {
  it('is split from true colours as an independent reader sees them', () => {
    const canvas = drawPicture();
    const png = canvas.toBuffer('image/png');
    const facts = readImage(png);
    expect(facts).to.include({ channels: 4, bitsPerChannel: 8, interlaced: false });
    if (!facts) return;
    const { colour, alpha } = splitAlpha(dataOf(png), facts);
    const seen = canvas.getContext('2d').getImageData(0, 0, 61, 37).data;
    const opaque = seen.filter((_, i) => i % 4 === 3);
    expect([...inflateSync(alpha)]).to.deep.equal([...opaque]);
    const pixels = inflateSync(colour);
    const wrong = [...opaque.keys()].filter((i) => opaque[i] !== 0 && pixels[i * 3] !== seen[i * 4]);
    expect(wrong).to.deep.equal([]);
  });

  it('is read from the opacities of a palette', () => {
    const opacities = Array.from({ length: 7 * 5 }, (_, i) => (i % 16) * 17);
    const png = writeStampPng(new Uint8ClampedArray(opacities.flatMap((value) => [0, 0, 0, value])), 7, 5);
    const facts = readImage(png);
    expect(facts).to.include({ palette: true, bitsPerChannel: 4 });
    if (!facts) return;
    const steps = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
    expect([...inflateSync(alphaOfPalette(dataOf(png), facts, steps))]).to.deep.equal(opacities);
  });

  it('is refused where the data are cut short', () => {
    const png = drawPicture().toBuffer('image/png');
    const facts = readImage(png);
    if (!facts) throw new Error('not a picture');
    expect(() => splitAlpha(dataOf(png).subarray(0, 40), facts)).to.throw(SigningError);
    expect(() => splitAlpha(dataOf(png), { ...facts, heightPx: 38 })).to.throw(SigningError);
  });
});
