/** Read PDF objects out of bytes (ISO 32000-1 §7.2, §7.3). Strict where two readers could see two things:
 *  a key twice in a dictionary, a broken string, nesting without end. Never re-encodes. */
import { SigningError } from '../../error.ts';
import { type PdfDict, type PdfString, type PdfValue, pdfFault } from './pdf-value.ts';
import { readHexString, readLiteralString } from './read-string.ts';

const MAX_DEPTH = 64;
/** Values of one object: more than any form or table of widths has. */
const MAX_VALUES = 500_000;
/** Bytes of a name or number. */
const MAX_WORD = 4096;
const [REGULAR, WHITE, DELIMITER] = [0, 1, 2];
const KINDS = new Uint8Array(256).fill(REGULAR);
for (const byte of [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]) KINDS[byte] = WHITE;
for (const byte of Buffer.from('()<>[]{}/%')) KINDS[byte] = DELIMITER;

/** A position in PDF bytes, and the reading of what stands there. */
export class PdfReader {
  readonly bytes: Uint8Array;
  at: number;
  private readonly buffer: Buffer;
  private values = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
  }

  /** Pass over white space and comments. */
  skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === 0x25) while (this.at < this.bytes.length && !isLineEnd(this.bytes[this.at])) this.at += 1;
      else if (byte !== undefined && KINDS[byte] === WHITE) this.at += 1;
      else return;
    }
  }

  /** The regular characters from here on: a number, keyword, or what follows a slash. */
  word(): string {
    const start = this.at;
    for (let byte = this.bytes[this.at]; byte !== undefined; byte = this.bytes[this.at]) {
      if (KINDS[byte] !== REGULAR) break;
      this.at += 1;
      if (this.at - start > MAX_WORD) throw pdfFault('word too long', start);
    }
    return this.buffer.toString('latin1', start, this.at);
  }

  /** Pass over white space and take the keyword if it is next. */
  takeKeyword(keyword: string): boolean {
    this.skipSpace();
    const start = this.at;
    if (this.word() === keyword) return true;
    this.at = start;
    return false;
  }

  /** @throws MALFORMED when something else is next */
  expectKeyword(keyword: string): void {
    if (!this.takeKeyword(keyword)) throw pdfFault(`${keyword} missing`, this.at);
  }

  /** An unsigned whole number. @throws MALFORMED */
  expectInteger(): number {
    this.skipSpace();
    const start = this.at;
    let value = 0;
    for (let digit = this.digit(); digit >= 0; digit = this.digit()) {
      value = value * 10 + digit;
      this.at += 1;
      if (this.at - start > 15) break;
    }
    const next = this.bytes[this.at];
    if (this.at === start || this.at - start > 15 || (next !== undefined && KINDS[next] === REGULAR)) {
      throw pdfFault('whole number expected', start);
    }
    return value;
  }

  private digit(): number {
    const digit = (this.bytes[this.at] ?? 0) - 0x30;
    return digit <= 9 ? digit : -1;
  }

  /** The object that stands here. @throws MALFORMED */
  value(depth = 0): PdfValue {
    if (depth > MAX_DEPTH) throw pdfFault('nested too deeply', this.at);
    this.values += 1;
    if (this.values > MAX_VALUES) throw new SigningError('TOO_LARGE', 'an object holds too much', { offset: this.at });
    this.skipSpace();
    const byte = this.bytes[this.at];
    if (byte === 0x2f) return { kind: 'name', value: this.name() };
    if (byte === 0x28) return this.string(readLiteralString(this.bytes, this.at));
    if (byte === 0x5b) return this.array(depth);
    if (byte === 0x3c) {
      return this.bytes[this.at + 1] === 0x3c ? this.dict(depth) : this.string(readHexString(this.bytes, this.at));
    }
    return this.numberOrKeyword();
  }

  private string(read: PdfString): PdfString {
    this.at = read.end;
    return read;
  }

  /** A name without its slash; #xx stands for one byte. */
  private name(): string {
    this.at += 1;
    const word = this.word();
    if (!word.includes('#')) return word;
    return word.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }

  private array(depth: number): PdfValue {
    const items: PdfValue[] = [];
    this.at += 1;
    for (this.skipSpace(); this.bytes[this.at] !== 0x5d; this.skipSpace()) items.push(this.value(depth + 1));
    this.at += 1;
    return { kind: 'array', items };
  }

  private dict(depth: number): PdfDict {
    const entries = new Map<string, PdfValue>();
    this.at += 2;
    for (this.skipSpace(); this.bytes[this.at] !== 0x3e; this.skipSpace()) {
      const start = this.at;
      if (this.bytes[start] !== 0x2f) throw pdfFault('dictionary key expected', start);
      const key = this.name();
      if (entries.has(key)) throw pdfFault(`key ${key} twice in a dictionary`, start);
      entries.set(key, this.value(depth + 1));
    }
    if (this.bytes[this.at + 1] !== 0x3e) throw pdfFault('dictionary not closed', this.at);
    this.at += 2;
    return { kind: 'dict', entries };
  }

  private numberOrKeyword(): PdfValue {
    const start = this.at;
    const word = this.word();
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
    if (word === 'null') return { kind: 'null' };
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) throw pdfFault('no object', start);
    return this.reference(word) ?? { kind: 'number', value: Number(word) };
  }

  /** `12 0 R` begins like two numbers. */
  private reference(word: string): PdfValue | undefined {
    if (!/^\d{1,10}$/.test(word)) return undefined;
    const after = this.at;
    this.skipSpace();
    const generation = this.word();
    if (/^\d{1,5}$/.test(generation) && this.takeKeyword('R')) {
      return { kind: 'ref', number: Number(word), generation: Number(generation) };
    }
    this.at = after;
    return undefined;
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}
