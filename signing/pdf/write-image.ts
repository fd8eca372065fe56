/** A picture as an image object: the colours of JPEG, palette and plain PNG pass through untouched; transparency becomes a
 *  mask of its own (ISO 32000-1 §8.9.5, §11.6.5.3). */
import { createHash } from 'node:crypto';
import { BoundedCache } from '../bounded-cache.ts';
import { SigningError } from '../error.ts';
import type { ImageFacts } from '../face/read-image.ts';
import { readImage } from '../face/read-image.ts';
import { array, byteString, dict, name, number, numbers } from './make-value.ts';
import type { ObjectSink } from './object-sink.ts';
import { alphaOfPalette, type SplitPicture, splitAlpha } from './split-alpha.ts';
import type { PdfRef, PdfValue } from './syntax/pdf-value.ts';

/** A seal's picture is the same in every document it is pressed on, and taking it apart costs as much as all the rest. */
const masks = new BoundedCache<Uint8Array>(64);
const splits = new BoundedCache<SplitPicture>(64);

/** Undefined for what is rarer: interlaced PNG, or one of 16 bits with transparency.
 *  @throws SigningError MALFORMED */
export function writeImage(sink: ObjectSink, bytes: Uint8Array): PdfRef | undefined {
  const facts = readImage(bytes);
  if (facts === undefined) throw new SigningError('MALFORMED', 'a picture is neither PNG nor JPEG');
  if (facts.format === 'jpeg') return writeJpeg(sink, bytes, facts);
  if (facts.interlaced) return undefined;
  if (!facts.transparent) return writePlainPng(sink, bytes, facts);
  if (facts.palette) return writePlainPng(sink, bytes, facts, writePaletteMask(sink, bytes, facts));
  return facts.channels % 2 === 0 && facts.bitsPerChannel === 8 ? writePngWithAlpha(sink, bytes, facts) : undefined;
}

function writeJpeg(sink: ObjectSink, bytes: Uint8Array, facts: ImageFacts): PdfRef {
  const colourSpace = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' }[facts.channels] ?? 'DeviceRGB';
  const entries = {
    ...sizeOf(facts),
    ColorSpace: name(colourSpace),
    Filter: name('DCTDecode'),
    // CMYK JPEGs are written inverted by the programs that make them.
    Decode: facts.channels === 4 ? numbers([1, 0, 1, 0, 1, 0, 1, 0]) : undefined,
  };
  return sink.add(dict(entries), bytes);
}

/** PNG rows carry the same predictors as PDF's Flate filter (ISO 32000-1 §7.4.4.4). */
function writePlainPng(sink: ObjectSink, bytes: Uint8Array, facts: ImageFacts, mask?: PdfRef): PdfRef {
  const palette = chunksOf(bytes, 'PLTE');
  const colourSpace = facts.palette
    ? array([name('Indexed'), name('DeviceRGB'), number(palette.length / 3 - 1), byteString(palette)])
    : name(facts.channels === 1 ? 'DeviceGray' : 'DeviceRGB');
  const entries = {
    ...sizeOf(facts),
    ColorSpace: colourSpace,
    Filter: name('FlateDecode'),
    DecodeParms: dict({
      Predictor: number(15),
      Colors: number(facts.channels),
      BitsPerComponent: number(facts.bitsPerChannel),
      Columns: number(facts.widthPx),
    }),
    SMask: mask,
  };
  return sink.add(dict(entries), chunksOf(bytes, 'IDAT'));
}

function writePngWithAlpha(sink: ObjectSink, bytes: Uint8Array, facts: ImageFacts): PdfRef {
  const split = splits.get(digestOf(bytes), () => splitAlpha(chunksOf(bytes, 'IDAT'), facts));
  const mask = writeSamples(sink, split.alpha, { ...sizeOf(facts), ColorSpace: name('DeviceGray') });
  const colourSpace = name(facts.channels === 2 ? 'DeviceGray' : 'DeviceRGB');
  return writeSamples(sink, split.colour, { ...sizeOf(facts), ColorSpace: colourSpace, SMask: mask });
}

function writePaletteMask(sink: ObjectSink, bytes: Uint8Array, facts: ImageFacts): PdfRef {
  const alpha = masks.get(digestOf(bytes), () =>
    alphaOfPalette(chunksOf(bytes, 'IDAT'), facts, chunksOf(bytes, 'tRNS')),
  );
  return writeSamples(sink, alpha, { ...sizeOf(facts), BitsPerComponent: number(8), ColorSpace: name('DeviceGray') });
}

function writeSamples(sink: ObjectSink, data: Uint8Array, entries: Readonly<Record<string, PdfValue>>): PdfRef {
  return sink.add(dict({ ...entries, Filter: name('FlateDecode') }), data);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function sizeOf(facts: ImageFacts) {
  return {
    Type: name('XObject'),
    Subtype: name('Image'),
    Width: number(facts.widthPx),
    Height: number(facts.heightPx),
    BitsPerComponent: number(facts.bitsPerChannel),
  };
}

function chunksOf(bytes: Uint8Array, tag: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const chunk = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (chunk === tag) parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
    if (chunk === 'IEND') break;
  }
  return new Uint8Array(Buffer.concat(parts));
}
