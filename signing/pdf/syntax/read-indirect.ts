/** An indirect object (ISO 32000-1 §7.3.10): `12 0 obj … endobj`, perhaps with a stream. */
import { type PdfValue, pdfFault } from './pdf-value.ts';
import { PdfReader } from './read-value.ts';

export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
  /** Where the bytes of its stream begin, when it has one. */
  readonly stream: number | undefined;
}

/** @param expected the number it must have
 * @throws MALFORMED when no such object begins at `offset` */
export function readIndirect(
  bytes: Uint8Array,
  offset: number,
  expected?: { readonly number: number; readonly generation: number },
): IndirectObject {
  const reader = new PdfReader(bytes, offset);
  const number = reader.expectInteger();
  const generation = reader.expectInteger();
  reader.expectKeyword('obj');
  if (expected && (number !== expected.number || generation !== expected.generation)) {
    throw pdfFault('the cross-reference leads to another object', offset);
  }
  const value = reader.value();
  if (value.kind !== 'dict' || !reader.takeKeyword('stream')) {
    reader.expectKeyword('endobj');
    return { number, generation, value, stream: undefined };
  }
  // `stream` is followed by LF or CR LF, never by CR alone.
  const { at } = reader;
  const lineEnd = bytes[at] === 0x0a ? 1 : bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? 2 : 0;
  if (lineEnd === 0) throw pdfFault('stream does not begin on a new line', at);
  return { number, generation, value, stream: at + lineEnd };
}
