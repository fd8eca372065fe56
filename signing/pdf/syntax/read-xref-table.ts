/** A classical cross-reference table and its trailer (ISO 32000-1 §7.5.4, §7.5.5). */
import { SigningError } from '../../error.ts';
import { type PdfDict, xrefFault } from './pdf-value.ts';
import type { PdfReader } from './read-value.ts';
import { MAX_OBJECTS, type PdfEntry } from './xref-section.ts';

type Put = (number: number, entry: PdfEntry) => void;

/** @param reader stands behind the keyword `xref` */
export function readXrefTable(reader: PdfReader, put: Put): PdfDict {
  while (!reader.takeKeyword('trailer')) {
    const first = reader.expectInteger();
    const count = reader.expectInteger();
    if (count > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
    for (let number = first; number < first + count; number += 1) put(number, readEntry(reader));
  }
  const trailer = reader.value();
  if (trailer.kind !== 'dict') throw xrefFault('trailer is no dictionary', reader.at);
  return trailer;
}

function readEntry(reader: PdfReader): PdfEntry {
  reader.skipSpace();
  const offset = digits(reader, 10);
  if (offset >= 0 && reader.bytes[reader.at + 10] === 0x20) {
    reader.at += 11;
    const generation = digits(reader, 5);
    const kind = reader.bytes[reader.at + 6];
    if (generation >= 0 && reader.bytes[reader.at + 5] === 0x20 && (kind === 0x6e || kind === 0x66)) {
      reader.at += 7;
      return kind === 0x6e ? { kind: 'offset', offset, generation } : { kind: 'free' };
    }
    reader.at -= 11;
  }
  return readLooseEntry(reader);
}

/** Some programs write fewer digits, or other white space. */
function readLooseEntry(reader: PdfReader): PdfEntry {
  const offset = reader.expectInteger();
  const generation = reader.expectInteger();
  if (reader.takeKeyword('n')) return { kind: 'offset', offset, generation };
  reader.expectKeyword('f');
  return { kind: 'free' };
}

/** A number of exactly so many digits; -1 when something else is there. */
function digits({ bytes, at }: PdfReader, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i += 1) {
    const digit = (bytes[at + i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
