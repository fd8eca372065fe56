/** A picture in a document of the library's. What this floor does not write itself (interlaced PNG, 16 bits and
 *  transparent) is left to the library. */
import type { PDFDocument } from 'pdf-lib';
import { PDFRef } from 'pdf-lib';
import { sinkInto } from './object-sink.ts';
import { writeImage } from './write-image.ts';

/** @throws SigningError MALFORMED */
export async function embedImage(document: PDFDocument, bytes: Uint8Array): Promise<PDFRef> {
  const written = writeImage(sinkInto(document.context), bytes);
  if (written === undefined) return (await document.embedPng(bytes)).ref;
  return PDFRef.of(written.number, written.generation);
}
