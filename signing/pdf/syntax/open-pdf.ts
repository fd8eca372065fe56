/** A PDF file's cross-references (ISO 32000-1 §7.5): tables, streams and hybrids, from the last one back to the first.
 *  Nothing is repaired or guessed: a file whose table is wrong is shown differently by different readers. */
import { SigningError } from '../../error.ts';
import { PdfFile } from './pdf-file.ts';
import { integerOf, type PdfDict, pdfFault } from './pdf-value.ts';
import { PdfReader } from './read-value.ts';
import { readXrefStream } from './read-xref-stream.ts';
import { readXrefTable } from './read-xref-table.ts';
import { MAX_OBJECTS, type PdfEntry, type XrefSection } from './xref-section.ts';

const MAX_SECTIONS = 1000;

/** Open a PDF file, or one revision of it (the bytes up to its %%EOF).
 * @throws MALFORMED, UNSUPPORTED when it is encrypted, TOO_LARGE */
export function openPdf(bytes: Uint8Array): PdfFile {
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-') throw pdfFault('header missing', 0);
  const entries = new Map<number, PdfEntry>();
  const pending = [findStart(bytes)];
  const seen = new Set<number>();
  let trailer: PdfDict | undefined;
  for (let offset = pending.shift(); offset !== undefined; offset = pending.shift()) {
    if (seen.has(offset) || seen.size >= MAX_SECTIONS) throw pdfFault('cross-references without end', offset);
    seen.add(offset);
    const section = readSection(bytes, offset);
    trailer ??= section.trailer;
    for (const [number, entry] of section.entries) if (!entries.has(number)) entries.set(number, entry);
    if (entries.size > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
    // A hybrid's stream is looked at before the older table (§7.5.8.4).
    for (const key of ['XRefStm', 'Prev']) {
      const next = section.trailer.entries.get(key);
      if (next === undefined) continue;
      const at = integerOf(next);
      if (at === undefined || at < 0 || at >= bytes.length) throw pdfFault(`${key} leads nowhere`, offset);
      pending.push(at);
    }
  }
  if (trailer === undefined) throw pdfFault('trailer missing', 0);
  if (trailer.entries.has('Encrypt'))
    throw new SigningError('UNSUPPORTED', 'the PDF is encrypted', { reason: 'ENCRYPTED' });
  return new PdfFile(bytes, trailer, entries);
}

/** The offset behind the last `startxref`; only an end of line may follow %%EOF in a revision. */
function findStart(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf('startxref', undefined, 'latin1');
  if (at < 0) throw pdfFault('startxref missing', bytes.length);
  return new PdfReader(bytes, at + 'startxref'.length).expectInteger();
}

function readSection(bytes: Uint8Array, offset: number): XrefSection {
  const reader = new PdfReader(bytes, offset);
  return reader.takeKeyword('xref') ? readXrefTable(reader) : readXrefStream(bytes, offset);
}
