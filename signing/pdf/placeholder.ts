/** The room that a prepared PDF keeps free for its signature (ISO 32000-1 §12.8.1): four numbers of /ByteRange,
 *  and the hexadecimal string of /Contents. Both are found by their exact unfilled form. */
import { SigningError } from '../error.ts';

/** A number as wide as any offset that can come; written over with digits and spaces. */
export const BYTE_RANGE_FILLER = 9_999_999_999;

const EMPTY_RANGE = `/ByteRange [ 0 ${BYTE_RANGE_FILLER} ${BYTE_RANGE_FILLER} ${BYTE_RANGE_FILLER} ]`;
const EMPTY_CONTENTS = `/Contents <${'0'.repeat(64)}`;

export interface Placeholder {
  /** Where the text `/ByteRange [ … ]` stands, and how long it is. */
  readonly rangeAt: number;
  readonly rangeLength: number;
  /** Offset of `<`, and offset behind `>`. */
  readonly gapStart: number;
  readonly gapEnd: number;
  /** /SubFilter of the signature. */
  readonly form: string;
}

/** @throws MALFORMED unless exactly one unfilled signature is there */
export function findPlaceholder(pdf: Buffer): Placeholder {
  const rangeAt = pdf.lastIndexOf(EMPTY_RANGE, undefined, 'latin1');
  if (rangeAt < 0 || pdf.indexOf(EMPTY_RANGE, 0, 'latin1') !== rangeAt) throw unprepared();
  // Dictionary keys may stand in either order, close together.
  const dictionaryStart = pdf.lastIndexOf(' obj', rangeAt, 'latin1');
  const contentsAt = pdf.indexOf(EMPTY_CONTENTS, Math.max(0, dictionaryStart), 'latin1');
  if (contentsAt < 0) throw unprepared();
  const gapStart = contentsAt + '/Contents '.length;
  const gapEnd = pdf.indexOf('>', gapStart, 'latin1') + 1;
  if (gapEnd === 0) throw unprepared();
  const around = [pdf.toString('latin1', dictionaryStart, gapStart), pdf.toString('latin1', gapEnd, gapEnd + 1024)];
  const [, form = ''] = /\/SubFilter \/([\w.]+)/.exec(around.map((text) => text.split('endobj')[0]).join('')) ?? [];
  return { rangeAt, rangeLength: EMPTY_RANGE.length, gapStart, gapEnd, form };
}

/** Write the byte range over its placeholder, padded with spaces to the same length; gives its four numbers. */
export function fillByteRange(pdf: Buffer, at: Placeholder): string {
  const range = `[ 0 ${at.gapStart} ${at.gapEnd} ${pdf.length - at.gapEnd}`;
  pdf.write(`${`/ByteRange ${range}`.padEnd(at.rangeLength - 1)}]`, at.rangeAt, 'latin1');
  return `${range} ]`;
}

/** Write the signature as hexadecimal digits; what stays free stays zeros.
 * @throws TOO_LARGE when the room is too small */
export function fillContents(pdf: Buffer, at: Placeholder, signature: Uint8Array): void {
  const room = (at.gapEnd - at.gapStart - 2) / 2;
  if (signature.length > room) {
    throw new SigningError('TOO_LARGE', 'the signature does not fit its placeholder', {
      room,
      needed: signature.length,
    });
  }
  pdf.write(Buffer.from(signature).toString('hex'), at.gapStart + 1, 'latin1');
}

function unprepared(): SigningError {
  return new SigningError('MALFORMED', 'not a PDF with one prepared signature', { reason: 'NO_PLACEHOLDER' });
}
