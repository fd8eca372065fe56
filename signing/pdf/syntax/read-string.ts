/** The two forms of a PDF string (ISO 32000-1 §7.3.4). */
import { SigningError } from '../../error.ts';
import { type PdfString, pdfFault } from './pdf-value.ts';

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** Longer than any signature or text. */
const MAX_BYTES = 16 * 1024 * 1024;

/** `<48656C6C6F>`; white space inside is passed over, an odd last digit is followed by 0. */
export function readHexString(bytes: Uint8Array, start: number): PdfString {
  const close = bytes.indexOf(0x3e, start);
  if (close < 0) throw pdfFault('string not closed', start);
  if (close - start > 2 * MAX_BYTES) throw tooLong(start);
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + start + 1, close - start - 1).toString('latin1');
  // decoding ends at the first pair that is none
  const decoded = Buffer.from(digits, 'hex');
  const plainHex = decoded.length * 2 === digits.length;
  return { kind: 'string', bytes: plainHex ? decoded : decodeLoose(digits, start), plainHex, start, end: close + 1 };
}

function decodeLoose(text: string, start: number): Uint8Array {
  const digits = text.replaceAll(/[\0\t\n\f\r ]/g, '');
  if (/[^0-9A-Fa-f]/.test(digits)) throw pdfFault('string holds what is no hexadecimal digit', start);
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
}

/** `(text)` with balanced parentheses and escapes. */
export function readLiteralString(bytes: Uint8Array, start: number): PdfString {
  const end = endOfLiteral(bytes, start);
  const out: Out = { bytes: new Uint8Array(end - start - 2), length: 0 };
  for (let at = start + 1; at < end - 1; ) {
    const byte = bytes[at] ?? 0;
    at += 1;
    if (byte === 0x5c) {
      at = readEscape(bytes, at, out);
      continue;
    }
    // An end of line inside a string is one line feed, however it is written.
    if (byte === 0x0d && bytes[at] === 0x0a) at += 1;
    out.bytes[out.length++] = byte === 0x0d ? 0x0a : byte;
  }
  return { kind: 'string', bytes: out.bytes.slice(0, out.length), plainHex: false, start, end };
}

interface Out {
  readonly bytes: Uint8Array;
  length: number;
}

/** Offset behind the closing parenthesis. */
function endOfLiteral(bytes: Uint8Array, start: number): number {
  let depth = 1;
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x5c) at += 1;
    else if (byte === 0x28) depth += 1;
    else if (byte === 0x29) depth -= 1;
    if (depth === 0) return at + 1;
    if (at - start > MAX_BYTES) throw tooLong(start);
  }
  throw pdfFault('string not closed', start);
}

function tooLong(offset: number): SigningError {
  return new SigningError('TOO_LARGE', 'a string is too long', { offset });
}

/** What follows a backslash; gives the offset behind it. */
function readEscape(bytes: Uint8Array, at: number, out: Out): number {
  const byte = bytes[at] ?? 0x29;
  if (byte === 0x0d) return bytes[at + 1] === 0x0a ? at + 2 : at + 1;
  if (byte === 0x0a) return at + 1;
  if (byte < 0x30 || byte > 0x37) {
    out.bytes[out.length++] = ESCAPES[String.fromCharCode(byte)] ?? byte;
    return at + 1;
  }
  let [value, end] = [0, at];
  for (; end < at + 3; end += 1) {
    const digit = bytes[end] ?? 0;
    if (digit < 0x30 || digit > 0x37) break;
    value = value * 8 + digit - 0x30;
  }
  out.bytes[out.length++] = value & 0xff;
  return end;
}
