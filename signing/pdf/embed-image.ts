/** A picture as an image object: the colours of JPEG, palette and plain PNG pass through untouched; transparency becomes a
 *  mask of its own. What is rarer (interlaced, 16 bits and transparent) is left to the library. */
import { createHash } from 'node:crypto';
import type { PDFDocument, PDFRef } from 'pdf-lib';
import { PDFHexString, PDFRawStream } from 'pdf-lib';
import { BoundedCache } from '../bounded-cache.ts';
import { SigningError } from '../error.ts';
import type { ImageFacts } from '../face/read-image.ts';
import { readImage } from '../face/read-image.ts';
import { alphaOfPalette, type SplitPicture, splitAlpha } from './split-alpha.ts';

/** A seal's picture is the same in every document it is pressed on, and taking it apart costs as much as all the rest. */
const masks = new BoundedCache<Uint8Array>(64);
const splits = new BoundedCache<SplitPicture>(64);

/** @throws SigningError MALFORMED */
export async function embedImage(document: PDFDocument, bytes: Uint8Array): Promise<PDFRef> {
  const facts = readImage(bytes);
  if (facts === undefined) throw new SigningError('MALFORMED', 'a picture is neither PNG nor JPEG');
  if (facts.format === 'jpeg') return embedJpeg(document, bytes, facts);
  if (facts.interlaced) return (await document.embedPng(bytes)).ref;
  if (!facts.transparent) return embedPlainPng(document, bytes, facts);
  if (facts.palette) return embedPlainPng(document, bytes, facts, embedPaletteMask(document, bytes, facts));
  if (facts.channels % 2 === 0 && facts.bitsPerChannel === 8) return embedPngWithAlpha(document, bytes, facts);
  return (await document.embedPng(bytes)).ref;
}

function embedJpeg(document: PDFDocument, bytes: Uint8Array, facts: ImageFacts): PDFRef {
  const colourSpace = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' }[facts.channels] ?? 'DeviceRGB';
  const dictionary = document.context.obj({
    ...sizeOf(facts),
    ColorSpace: colourSpace,
    Filter: 'DCTDecode',
    Length: bytes.length,
    // CMYK JPEGs are written inverted by the programs that make them.
    ...(facts.channels === 4 ? { Decode: [1, 0, 1, 0, 1, 0, 1, 0] } : {}),
  });
  return document.context.register(PDFRawStream.of(dictionary, bytes));
}

/** PNG rows carry the same predictors as PDF's Flate filter (ISO 32000-1 §7.4.4.4). */
function embedPlainPng(document: PDFDocument, bytes: Uint8Array, facts: ImageFacts, mask?: PDFRef): PDFRef {
  const { context } = document;
  const data = chunksOf(bytes, 'IDAT');
  const palette = chunksOf(bytes, 'PLTE');
  const colourSpace = facts.palette
    ? ['Indexed', 'DeviceRGB', palette.length / 3 - 1, PDFHexString.of(Buffer.from(palette).toString('hex'))]
    : facts.channels === 1
      ? 'DeviceGray'
      : 'DeviceRGB';
  const dictionary = context.obj({
    ...sizeOf(facts),
    ColorSpace: colourSpace,
    Filter: 'FlateDecode',
    DecodeParms: {
      Predictor: 15,
      Colors: facts.channels,
      BitsPerComponent: facts.bitsPerChannel,
      Columns: facts.widthPx,
    },
    ...(mask ? { SMask: mask } : {}),
    Length: data.length,
  });
  return context.register(PDFRawStream.of(dictionary, data));
}

function embedPngWithAlpha(document: PDFDocument, bytes: Uint8Array, facts: ImageFacts): PDFRef {
  const split = splits.get(digestOf(bytes), () => splitAlpha(chunksOf(bytes, 'IDAT'), facts));
  const mask = embedSamples(document, split.alpha, { ...sizeOf(facts), ColorSpace: 'DeviceGray' });
  const ColorSpace = facts.channels === 2 ? 'DeviceGray' : 'DeviceRGB';
  return embedSamples(document, split.colour, { ...sizeOf(facts), ColorSpace, SMask: mask });
}

function embedPaletteMask(document: PDFDocument, bytes: Uint8Array, facts: ImageFacts): PDFRef {
  const alpha = masks.get(digestOf(bytes), () =>
    alphaOfPalette(chunksOf(bytes, 'IDAT'), facts, chunksOf(bytes, 'tRNS')),
  );
  return embedSamples(document, alpha, { ...sizeOf(facts), BitsPerComponent: 8, ColorSpace: 'DeviceGray' });
}

function embedSamples(
  { context }: PDFDocument,
  data: Uint8Array,
  entries: Readonly<Record<string, string | number | PDFRef>>,
): PDFRef {
  return context.register(
    PDFRawStream.of(context.obj({ ...entries, Filter: 'FlateDecode', Length: data.length }), data),
  );
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function sizeOf(facts: ImageFacts) {
  return {
    Type: 'XObject',
    Subtype: 'Image',
    Width: facts.widthPx,
    Height: facts.heightPx,
    BitsPerComponent: facts.bitsPerChannel,
  };
}

function chunksOf(bytes: Uint8Array, tag: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === tag) parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
    if (name === 'IEND') break;
  }
  return new Uint8Array(Buffer.concat(parts));
}
