/** A PDF file's cross-references (ISO 32000-1 §7.5): tables, streams and hybrids, from the last one back to the first.
 *  Nothing is repaired or guessed: a file whose table is wrong is shown differently by different readers. */
import { SigningError } from '../../error.ts';
import { PdfFile, type PdfSection } from './pdf-file.ts';
import { integerOf, type PdfDict, pdfFault, xrefFault } from './pdf-value.ts';
import { PdfReader } from './read-value.ts';
import { readXrefStream } from './read-xref-stream.ts';
import { readXrefTable } from './read-xref-table.ts';
import { WorkBudget } from './work-budget.ts';
import { MAX_OBJECTS, PdfEntries, type PdfEntry } from './xref-section.ts';

const MAX_SECTIONS = 1000;
/** So that offsets fit 32 bits. */
const MAX_BYTES = 0xffffffff;
const FREE: PdfEntry = { kind: 'free' };

interface Reading {
  readonly bytes: Uint8Array;
  readonly entries: PdfEntries;
  readonly budget: WorkBudget;
  readonly seen: Set<number>;
}

/** Open a PDF file, or one revision of it (the bytes up to its %%EOF).
 * @param start where its newest cross-references stand; default: where the end of the file says
 * @throws MALFORMED, UNSUPPORTED when it is encrypted, TOO_LARGE */
export function openPdf(bytes: Uint8Array, budget = new WorkBudget(), start?: number): PdfFile {
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-') throw pdfFault('header missing', 0);
  if (bytes.length > MAX_BYTES) throw new SigningError('TOO_LARGE', 'the PDF is too large');
  const reading: Reading = { bytes, entries: new PdfEntries(), budget, seen: new Set() };
  const sections: PdfSection[] = [];
  let trailer: PdfDict | undefined;
  for (let offset: number | undefined = start ?? findStart(bytes); offset !== undefined; ) {
    const { own, hybrid } = readSection(reading, offset);
    trailer ??= own;
    sections.push({ offset, hybrid });
    offset = offsetUnder(own, 'Prev', reading);
  }
  if (trailer === undefined) throw pdfFault('trailer missing', 0);
  if (trailer.entries.has('Encrypt'))
    throw new SigningError('UNSUPPORTED', 'the PDF is encrypted', { reason: 'ENCRYPTED' });
  return new PdfFile(bytes, trailer, reading.entries, sections, budget);
}

/** The offset behind the last `startxref`. */
function findStart(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf('startxref', undefined, 'latin1');
  if (at < 0) throw pdfFault('startxref missing', bytes.length);
  return new PdfReader(bytes, at + 'startxref'.length).expectInteger();
}

function readSection(reading: Reading, offset: number): { own: PdfDict; hybrid: boolean } {
  const { bytes, budget, entries } = reading;
  const section = enter(reading, offset);
  const put = (number: number, entry: PdfEntry): void => {
    budget.spend(1);
    entries.add(number, entry, section);
  };
  const reader = new PdfReader(bytes, offset);
  if (!reader.takeKeyword('xref')) return { own: readXrefStream(bytes, offset, budget, put), hybrid: false };
  const free: number[] = [];
  const own = readXrefTable(reader, (number, entry) => {
    if (entry.kind !== 'free') put(number, entry);
    else if (free.push(number) > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
  });
  const stream = offsetUnder(own, 'XRefStm', reading);
  const beside = stream === undefined ? undefined : readHybrid(reading, stream, section);
  // §7.5.8.4: what the stream names, the table shows as free to old readers
  for (const number of free) if (beside === undefined || entries.spokenBy(number) !== beside) put(number, FREE);
  return { own, hybrid: stream !== undefined };
}

/** The stream beside a table names objects that the table hides. Were one in both, it would be two files in one. */
function readHybrid(reading: Reading, offset: number, table: number): number {
  const { bytes, budget, entries } = reading;
  const section = enter(reading, offset);
  readXrefStream(bytes, offset, budget, (number, entry) => {
    budget.spend(1);
    if (entry.kind === 'free') return;
    if (entries.spokenBy(number) === table) throw xrefFault('table and stream disagree', offset);
    entries.add(number, entry, section);
  });
  return section;
}

/** Counts sections from 1. @throws MALFORMED when one is there already, TOO_LARGE */
function enter({ seen }: Reading, offset: number): number {
  if (seen.has(offset)) throw xrefFault('cross-references without end', offset);
  if (seen.size >= MAX_SECTIONS) throw new SigningError('TOO_LARGE', 'too many revisions');
  seen.add(offset);
  return seen.size;
}

function offsetUnder(trailer: PdfDict, key: string, { bytes }: Reading): number | undefined {
  const value = trailer.entries.get(key);
  if (value === undefined) return undefined;
  const at = integerOf(value);
  if (at === undefined || at < 0 || at >= bytes.length) throw xrefFault(`${key} leads nowhere`, 0);
  return at;
}
