/** Append a revision to a PDF file (ISO 32000-1 §7.5.6): changed and new objects, then a cross-reference section of the
 *  form that the last one has, leading back to it. No earlier byte is touched. Pure: the same input, the same file. */
import { createHash } from 'node:crypto';
import { array, byteString, number, withEntries } from './make-value.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import { integerOf, type PdfDict, type PdfRef, type PdfValue, pdfFault } from './syntax/pdf-value.ts';
import { PdfReader } from './syntax/read-value.ts';
import { writeValue } from './write-value.ts';

export interface RevisedObject {
  readonly ref: PdfRef;
  readonly value: PdfValue;
  /** The bytes of its stream, packed as `value` says; /Length is added here. */
  readonly stream?: Uint8Array;
}

interface Written {
  readonly ref: PdfRef;
  readonly offset: number;
}

/** The number of the first object that the file does not have. */
export function firstFreeNumber(file: PdfFile): number {
  let free = integerOf(file.trailer.entries.get('Size')) ?? 0;
  for (const taken of file.entries.keys()) if (taken >= free) free = taken + 1;
  return free;
}

/** @param objects each once; new ones numbered from `firstFreeNumber` upwards
 * @throws MALFORMED when the file's end is not that of a PDF file */
export function appendRevision(file: PdfFile, objects: readonly RevisedObject[]): Uint8Array {
  const { offset: previous, table } = lastSection(file.bytes);
  const last = file.bytes.at(-1);
  const parts: Uint8Array[] = [file.bytes];
  let at = file.bytes.length;
  const put = (part: Uint8Array): void => {
    parts.push(part);
    at += part.length;
  };
  if (last !== 0x0a && last !== 0x0d) put(Buffer.from('\n'));
  const written: Written[] = [];
  for (const object of objects) {
    written.push({ ref: object.ref, offset: at });
    for (const part of writeObject(object)) put(part);
  }
  const free = objects.reduce((most, { ref }) => Math.max(most, ref.number + 1), firstFreeNumber(file));
  const trailer = withEntries(keptTrailer(file), { Prev: number(previous), ID: nextIdentifier(file, parts.slice(1)) });
  const start = at;
  put(table ? writeTable(written, trailer, free) : writeXrefStream(written, trailer, free, start));
  put(Buffer.from(`startxref\n${start}\n%%EOF\n`, 'latin1'));
  return Buffer.concat(parts, at);
}

function writeObject({ ref, value, stream }: RevisedObject): Uint8Array[] {
  const head = `${ref.number} ${ref.generation} obj\n`;
  if (stream === undefined) return [Buffer.from(`${head}${writeValue(value)}\nendobj\n`, 'latin1')];
  if (value.kind !== 'dict') throw pdfFault('a stream without a dictionary', 0);
  const dictionary = withEntries(value, { Length: number(stream.length) });
  return [
    Buffer.from(`${head}${writeValue(dictionary)}\nstream\n`, 'latin1'),
    stream,
    Buffer.from('\nendstream\nendobj\n', 'latin1'),
  ];
}

const END = /^[\0\t\n\f\r ]*%%EOF[\0\t\n\f\r ]*$/;

/** Where the last cross-reference section begins, and which form it has. */
function lastSection(bytes: Uint8Array): { offset: number; table: boolean } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const reader = new PdfReader(bytes, buffer.lastIndexOf('startxref', undefined, 'latin1') + 'startxref'.length);
  const offset = reader.expectInteger();
  if (bytes.length - reader.at > 4096 || !END.test(buffer.toString('latin1', reader.at))) {
    throw pdfFault('something stands behind the end', reader.at);
  }
  return { offset, table: new PdfReader(bytes, offset).takeKeyword('xref') };
}

/** Keys that speak of one section, or of the stream that a section is. */
const OF_ONE_SECTION = 'Size Prev XRefStm Type W Index Length Filter DecodeParms F FFilter FDecodeParms DL'.split(' ');

function keptTrailer(file: PdfFile): PdfDict {
  return withEntries(file.trailer, Object.fromEntries(OF_ONE_SECTION.map((key) => [key, undefined])));
}

/** §14.4: the first part stays for ever, the second is another in every revision. A file without one stays without. */
function nextIdentifier(file: PdfFile, added: readonly Uint8Array[]): PdfValue | undefined {
  const known = file.trailer.entries.get('ID');
  const parts = file.resolve(known);
  const [first, second] = parts.kind === 'array' ? parts.items.map((item) => file.resolve(item)) : [];
  if (first?.kind !== 'string' || second?.kind !== 'string') return known;
  const hash = createHash('sha256').update(first.bytes).update(second.bytes);
  for (const part of added) hash.update(part);
  return array([first, byteString(hash.digest().subarray(0, 16))]);
}

/** Runs of objects whose numbers follow on each other. */
function runsOf(written: readonly Written[]): Written[][] {
  const runs: Written[][] = [];
  for (const one of written.toSorted((a, b) => a.ref.number - b.ref.number)) {
    const run = runs.at(-1);
    if (run?.at(-1)?.ref.number === one.ref.number - 1) run.push(one);
    else runs.push([one]);
  }
  return runs;
}

/** §7.5.4: every entry is 20 bytes long. */
function writeTable(written: readonly Written[], trailer: PdfDict, size: number): Buffer {
  const entry = ({ ref, offset }: Written): string =>
    `${String(offset).padStart(10, '0')} ${String(ref.generation).padStart(5, '0')} n \n`;
  const runs = runsOf(written).map((run) => `${run[0]?.ref.number ?? 0} ${run.length}\n${run.map(entry).join('')}`);
  const dictionary = withEntries(trailer, { Size: number(size) });
  return Buffer.from(`xref\n${runs.join('')}trailer\n${writeValue(dictionary)}\n`, 'latin1');
}

/** §7.5.8; the stream names itself too. Not packed: it is short. */
function writeXrefStream(written: readonly Written[], trailer: PdfDict, own: number, offset: number): Buffer {
  const ref: PdfRef = { kind: 'ref', number: own, generation: 0 };
  const runs = runsOf([...written, { ref, offset }]);
  const width = Math.max(1, Math.ceil(Math.log2(offset + 1) / 8));
  const rows = Buffer.alloc(runs.flat().length * (3 + width));
  runs.flat().forEach((one, i) => {
    const row = i * (3 + width);
    rows.writeUInt8(1, row);
    rows.writeUIntBE(one.offset, row + 1, width);
    rows.writeUInt16BE(one.ref.generation, row + 1 + width);
  });
  const value = withEntries(trailer, {
    Type: { kind: 'name', value: 'XRef' },
    Size: number(own + 1),
    W: array([number(1), number(width), number(2)]),
    Index: array(runs.flatMap((run) => [number(run[0]?.ref.number ?? 0), number(run.length)])),
  });
  return Buffer.concat(writeObject({ ref, value, stream: rows }));
}
