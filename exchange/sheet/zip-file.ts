/** A ZIP read from wherever it lies, part by part and never whole: its list stands at its end, and each part is unpacked as a
 *  stream, within bounds. What people hand in needs neither encryption, nor several disks, nor more than 4 GiB. */
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import type { FileToRead } from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';

export interface ZipEntry {
  /** As it stands in the list, UTF-8 or what the packer took for it. */
  readonly name: string;
  readonly method: number;
  /** Bytes packed. */
  readonly packed: number;
  /** Bytes unpacked, as the list says. */
  readonly unpacked: number;
  /** Where its own head begins. */
  readonly at: number;
}

export interface ZipBounds {
  readonly mostEntries: number;
  /** Of all parts that are read, together. */
  readonly mostBytes: number;
}

const END_RECORD = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const CENTRAL_RECORD = 0x02014b50;
/** The end record and the longest comment after it. */
const MOST_END = 22 + 0xffff;
const READ_BYTES = 64 * 1024;
const UTF8_FLAG = 0x800;

/** Throws `FILE_NOT_WHAT_IT_SAYS`, `REQUEST_TOO_LARGE`. */
export async function listZip(
  file: FileToRead,
  kind: string,
  { mostEntries }: ZipBounds,
): Promise<readonly ZipEntry[]> {
  const refuse = () => new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: kind });
  const tail = Buffer.from(await file.read(file.size - Math.min(file.size, MOST_END), file.size));
  const end = tail.lastIndexOf(END_RECORD);
  if (end < 0 || end + 22 > tail.length) throw refuse();
  const count = tail.readUInt16LE(end + 10);
  if (count > mostEntries) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${mostEntries} parts` });
  const from = tail.readUInt32LE(end + 16);
  const listEnd = file.size - tail.length + end;
  if (from > listEnd) throw refuse();
  const list = Buffer.from(await file.read(from, listEnd));
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > list.length || list.readUInt32LE(at) !== CENTRAL_RECORD) throw refuse();
    const nameEnd = at + 46 + list.readUInt16LE(at + 28);
    const utf8 = (list.readUInt16LE(at + 8) & UTF8_FLAG) !== 0;
    entries.push({
      name: decodeName(list.subarray(at + 46, nameEnd), utf8),
      method: list.readUInt16LE(at + 10),
      packed: list.readUInt32LE(at + 20),
      unpacked: list.readUInt32LE(at + 24),
      at: list.readUInt32LE(at + 42),
    });
    at = nameEnd + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
  return entries;
}

/** Packers of older systems write names in the code page of the country. */
function decodeName(bytes: Uint8Array, utf8: boolean): string {
  for (const encoding of utf8 ? ['utf-8'] : ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this encoding: the next is tried.
    }
  }
  return Buffer.from(bytes).toString('latin1');
}

/** The bytes of one part as they are unpacked. Throws as `listZip`. */
export async function* unpackEntry(
  file: FileToRead,
  entry: ZipEntry,
  kind: string,
  mostBytes: number,
): AsyncGenerator<Uint8Array> {
  const refuse = (cause?: unknown) => new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: kind, cause });
  const head = Buffer.from(await file.read(entry.at, entry.at + 30));
  if (head.length < 30) throw refuse();
  const start = entry.at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const packed = readPieces(file, start, start + entry.packed);
  let size = 0;
  const bounded = (piece: Uint8Array) => {
    size += piece.length;
    if (size > mostBytes) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${mostBytes} bytes unpacked` });
    return piece;
  };
  if (entry.method === 0) {
    for await (const piece of packed) yield bounded(piece);
    return;
  }
  if (entry.method !== 8) throw refuse();
  const inflate = createInflateRaw();
  const source = Readable.from(packed);
  source.once('error', (error) => inflate.destroy(error));
  source.pipe(inflate);
  try {
    for await (const piece of inflate) yield bounded(piece as Uint8Array);
  } catch (cause) {
    throw cause instanceof Fault ? cause : refuse(cause);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

async function* readPieces(file: FileToRead, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += READ_BYTES) yield await file.read(at, Math.min(at + READ_BYTES, end));
}
