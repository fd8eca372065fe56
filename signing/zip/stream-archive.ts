/** A ZIP archive (APPNOTE 6.3.9) written while its files come: deflated, sizes after each file (data descriptors), in constant memory. For archives that are too large
 *  for `writePackage`; below 4 GiB. */
import { crc32, createDeflateRaw } from 'node:zlib';
import { SigningError } from '../error.ts';
import { nameFault } from './entry-name.ts';
import { SIGNATURE } from './layout.ts';

export interface StreamedFile {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const VERSION = 20;
/** Sizes come afterwards; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
const DATE_1980 = 0x0021;
const MOST_BYTES = 0xffffffff;

interface Written {
  readonly name: Buffer;
  readonly offset: number;
  crc: number;
  size: number;
  packed: number;
}

/** @throws MALFORMED for an unsafe name, TOO_LARGE from 4 GiB on */
export async function* streamArchive(files: AsyncIterable<StreamedFile>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let at = 0;
  for await (const { name, chunks } of files) {
    if (nameFault(name) || name.endsWith('/')) throw new SigningError('MALFORMED', 'not a name for an entry', { name });
    const entry: Written = { name: Buffer.from(name, 'utf8'), offset: at, crc: 0, size: 0, packed: 0 };
    written.push(entry);
    for await (const piece of packed(entry, chunks)) {
      at += piece.length;
      if (at > MOST_BYTES) throw new SigningError('TOO_LARGE', 'an archive of 4 GiB');
      yield piece;
    }
  }
  const directory = Buffer.concat(written.map(centralHeader));
  yield directory;
  yield endRecord(written.length, directory.length, at);
}

async function* packed(entry: Written, chunks: StreamedFile['chunks']): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([words32(SIGNATURE.local), shared(entry, false), entry.name]);
  const deflate = createDeflateRaw();
  const feeding = feed(entry, chunks, deflate).catch((error: unknown) => void deflate.destroy(error as Error));
  for await (const piece of deflate as AsyncIterable<Buffer>) {
    entry.packed += piece.length;
    yield piece;
  }
  await feeding;
  yield words32(SIGNATURE.descriptor, entry.crc, entry.packed, entry.size);
}

async function feed(
  entry: Written,
  chunks: StreamedFile['chunks'],
  deflate: ReturnType<typeof createDeflateRaw>,
): Promise<void> {
  for await (const chunk of chunks) {
    entry.crc = crc32(chunk, entry.crc);
    entry.size += chunk.length;
    if (!deflate.write(chunk))
      await new Promise<void>((resolve) => deflate.once('drain', resolve).once('close', resolve));
    if (deflate.destroyed) return;
  }
  deflate.end();
}

function words32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

/** The fields that the local header and the directory share; only the directory knows the sizes. */
function shared(entry: Written, known: boolean): Buffer {
  const fields = Buffer.alloc(26);
  for (const [index, value] of [VERSION, FLAGS, DEFLATED, 0, DATE_1980].entries())
    fields.writeUInt16LE(value, index * 2);
  if (known) words32(entry.crc, entry.packed, entry.size).copy(fields, 10);
  fields.writeUInt16LE(entry.name.length, 22);
  return fields;
}

function centralHeader(entry: Written): Buffer {
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(entry.offset, 10);
  const fields = shared(entry, true);
  return Buffer.concat([words32(SIGNATURE.central), fields.subarray(0, 2), fields, tail, entry.name]);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(SIGNATURE.end, 0);
  bytes.writeUInt16LE(count, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(size, 12);
  bytes.writeUInt32LE(offset, 16);
  return bytes;
}
