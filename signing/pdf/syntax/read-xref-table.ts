/** A classical cross-reference table and its trailer (ISO 32000-1 §7.5.4, §7.5.5). */
import { SigningError } from '../../error.ts';
import { pdfFault } from './pdf-value.ts';
import type { PdfReader } from './read-value.ts';
import { MAX_OBJECTS, type PdfEntry, type XrefSection } from './xref-section.ts';

/** @param reader stands behind the keyword `xref` */
export function readXrefTable(reader: PdfReader): XrefSection {
  const entries = new Map<number, PdfEntry>();
  while (!reader.takeKeyword('trailer')) {
    const first = reader.expectInteger();
    const count = reader.expectInteger();
    if (count > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
    for (let number = first; number < first + count; number += 1) {
      if (entries.has(number)) throw pdfFault('object twice in a cross-reference table', reader.at);
      entries.set(number, readEntry(reader));
    }
  }
  const trailer = reader.value();
  if (trailer.kind !== 'dict') throw pdfFault('trailer is no dictionary', reader.at);
  return { entries, trailer };
}

function readEntry(reader: PdfReader): PdfEntry {
  const offset = reader.expectInteger();
  const generation = reader.expectInteger();
  if (reader.takeKeyword('n')) return { kind: 'offset', offset, generation };
  reader.expectKeyword('f');
  return { kind: 'free' };
}
