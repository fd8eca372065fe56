import { crc32, deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { PDFDocument } from 'pdf-lib';
import { checkDefinition } from '../../../models/catalogue/check-definition.ts';
import { fieldsFollowSchema } from '../../../models/licence/lint/fields-follow-schema.ts';
import { SigningError } from '../../../signing/error.ts';
import { checkFace } from '../../../signing/face/check-face.ts';
import { drawPng } from '../../../signing/face/draw-png.ts';
import type { FaceLayout } from '../../../signing/face/face.ts';
import { layOutFace } from '../../../signing/face/lay-out-face.ts';
import { isPicture } from '../../../signing/face/read-image.ts';
import { embedImage } from '../../../signing/pdf/embed-image.ts';
import { lint, withFields } from '../../models/licence/lint/context.ts';
import { fonts } from '../../signing/face/fonts.ts';
import { ENTRY } from '../../world/sample-entry.ts';

const chunk = (tag: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(tag, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** A PNG that states a size; its data are as given. */
function png(width: number, height: number, bits = 8, colourType = 6, data = deflateSync(Buffer.alloc(5))): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([bits, colourType], 8);
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);
}

/** A JPEG of nothing but a frame header. */
function jpeg(width: number, height: number, bits = 8, channels = 3): Buffer {
  const frame = Buffer.alloc(10);
  frame.set([0xff, 0xc0, 0, 8 + channels * 3, bits]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  frame[9] = channels;
  return Buffer.concat([Buffer.of(0xff, 0xd8), frame, Buffer.alloc(channels * 3), Buffer.of(0xff, 0xd9)]);
}

const BOMBS: Readonly<Record<string, Buffer>> = {
  'PNG of 100,000 × 100,000': png(100_000, 100_000),
  'PNG of 2^31 − 1 × 1': png(0x7fffffff, 1),
  'PNG of 20,000 × 20,000': png(20_000, 20_000),
  'PNG of 7,000 × 7,200, one bit': png(7000, 7200, 1, 0),
  'PNG of no width': png(0, 100),
  'PNG of 255 bits a sample': png(7000, 7000, 255, 3),
  'PNG of 16 bits a palette entry': png(100, 100, 16, 3),
  'JPEG of 65,535 × 65,535': jpeg(65_535, 65_535),
  'JPEG of 20,000 × 3,000': jpeg(20_000, 3000),
  'JPEG of 255 channels': jpeg(100, 100, 8, 255),
  'JPEG of 255 bits a sample': jpeg(100, 100, 255),
};

const layout: FaceLayout = {
  pages: [
    {
      name: '正本',
      widthMm: 210,
      heightMm: 297,
      baseImage: 'ground',
      items: [{ kind: 'image', field: 'plan', box: [20, 100, 50, 50] }],
    },
  ],
};

/** Megabytes taken outside of the heap by an act. */
async function takenBy(act: () => unknown): Promise<number> {
  const before = process.memoryUsage();
  await act();
  const after = process.memoryUsage();
  return (after.external + after.arrayBuffers - before.external - before.arrayBuffers) / 2 ** 20;
}

describe('a picture that states more than it should', () => {
  const codeOf = async (act: () => unknown): Promise<string> => {
    try {
      await act();
      return 'taken';
    } catch (error) {
      if (error instanceof SigningError) return error.code;
      throw error;
    }
  };

  for (const [name, bytes] of Object.entries(BOMBS)) {
    it(`is refused before anything is drawn: ${name}`, async () => {
      const plain = png(2, 2, 8, 6, deflateSync(Buffer.alloc(18)));
      expect(isPicture(plain)).to.equal(true);
      const taken = await takenBy(async () => {
        expect(isPicture(bytes)).to.equal(false);
        const faults = checkDefinition({ ...ENTRY, baseImages: {} }, new Map([['ground', bytes]]));
        expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).to.include(
          '/baseImages/ground IMAGE_UNREADABLE',
        );
        const fields = [...ENTRY.fields, { key: 'plan', name: '图', type: 'image', required: false } as const];
        expect(
          lint(fieldsFollowSchema, { ...withFields({ plan: bytes.toString('base64') }), definition: { fields } }),
        ).to.deep.equal(['/fields/plan IMAGE_UNREADABLE']);
        for (const images of [
          { ground: bytes, plan: plain },
          { ground: plain, plan: bytes },
        ]) {
          const content = { values: {}, images, qr: '' };
          expect(checkFace(layout, content, fonts).map(({ code }) => code)).to.deep.equal(['IMAGE_UNREADABLE']);
          expect(await codeOf(() => layOutFace(layout, content, fonts))).to.equal('MALFORMED');
        }
        const face = layOutFace(layout, { values: {}, images: { ground: plain }, qr: '' }, fonts);
        expect(await codeOf(() => drawPng(face, { page: 0, dpi: 10, sealPicture: bytes }))).to.equal('MALFORMED');
        const document = await PDFDocument.create();
        expect(await codeOf(() => embedImage(document, bytes))).to.equal('MALFORMED');
      });
      expect(taken).to.be.below(16);
    });
  }

  it('is refused when its data unpack to more than the size it states', async () => {
    const bomb = png(50, 50, 8, 6, deflateSync(Buffer.alloc(200_000_000)));
    const document = await PDFDocument.create();
    expect(
      await takenBy(async () => expect(await codeOf(() => embedImage(document, bomb))).to.equal('MALFORMED')),
    ).to.be.below(16);
  }).timeout(20_000);
});
