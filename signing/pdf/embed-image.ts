/** A picture as an image object: JPEG and plain PNG data pass through untouched; only PNG with transparency or
 *  interlacing is decoded. */
import type { PDFDocument, PDFRef } from 'pdf-lib';
import { PDFHexString, PDFRawStream } from 'pdf-lib';
import { SigningError } from '../error.ts';
import type { ImageFacts } from '../face/read-image.ts';
import { readImage } from '../face/read-image.ts';

/** @throws SigningError MALFORMED */
export async function embedImage(document: PDFDocument, bytes: Uint8Array): Promise<PDFRef> {
  const facts = readImage(bytes);
  if (facts === undefined) throw new SigningError('MALFORMED', 'a picture is neither PNG nor JPEG');
  if (facts.format === 'jpeg') return embedJpeg(document, bytes, facts);
  if (facts.transparent || facts.interlaced) return (await document.embedPng(bytes)).ref;
  return embedPlainPng(document, bytes, facts);
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
function embedPlainPng(document: PDFDocument, bytes: Uint8Array, facts: ImageFacts): PDFRef {
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
    Length: data.length,
  });
  return context.register(PDFRawStream.of(dictionary, data));
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
