/** The records of a ZIP archive (APPNOTE 6.3.9 §4.3) in our one canonical form: UTF-8 names, no extra fields,
 *  no data descriptors, no comments, all times 1980-01-01 00:00, entries end to end in directory order. */
import { concatBytes } from '../der/write-der.ts';

/** An entry as it lies in the archive. */
export interface RawEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8;
  readonly crc: number;
  readonly size: number;
  readonly packed: Uint8Array;
}

export const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, descriptor: 0x08074b50 } as const;
const VERSION = 20;
const UTF8_FLAG = 0x0800;
const DATE_1980 = 0x0021;

/** The fields that the local header and the directory share, from version to extra length. */
function sharedFields(entry: RawEntry, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(UTF8_FLAG, 2);
  fields.writeUInt16LE(entry.method, 4);
  fields.writeUInt16LE(0, 6);
  fields.writeUInt16LE(DATE_1980, 8);
  fields.writeUInt32LE(entry.crc, 10);
  fields.writeUInt32LE(entry.packed.length, 14);
  fields.writeUInt32LE(entry.size, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Who is said to have made the archive. Some programs on Unix read UTF-8 names only of archives made there. */
export type MadeOn = 'any' | 'unix';
const UNIX_HOST = 3;
/** An ordinary file that its owner may write and all may read. */
const UNIX_ATTRIBUTES = 0o100644 * 0x10000;

function centralHeader(shared: Buffer, offset: number, madeOn: MadeOn = 'any'): Buffer {
  // comment length and disk stay zero; attributes too, but for Unix
  const tail = Buffer.alloc(14);
  if (madeOn === 'unix') tail.writeUInt32LE(UNIX_ATTRIBUTES, 6);
  tail.writeUInt32LE(offset, 10);
  const version = Buffer.from([VERSION, madeOn === 'unix' ? UNIX_HOST : 0]);
  return Buffer.concat([uint32(SIGNATURE.central), version, shared, tail]);
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

/** Lay entries out as an archive in the canonical form. */
export function layOutArchive(entries: readonly RawEntry[], madeOn: MadeOn = 'any'): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8');
    const shared = sharedFields(entry, name.length);
    parts.push(uint32(SIGNATURE.local), shared, name, entry.packed);
    directory.push(centralHeader(shared, offset, madeOn), name);
    offset += 30 + name.length + entry.packed.length;
  }
  const directorySize = directory.reduce((sum, part) => sum + part.length, 0);
  return concatBytes([...parts, ...directory, endRecord(entries.length, directorySize, offset)]);
}

/** Whether an archive is byte for byte what `layOutArchive` gives for these entries, whose `packed` are views of it. */
export function isLaidOutSo(archive: Uint8Array, entries: readonly RawEntry[]): boolean {
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8');
    const shared = sharedFields(entry, name.length);
    const head = Buffer.concat([uint32(SIGNATURE.local), shared, name]);
    const dataAt = offset + head.length;
    if (Buffer.compare(archive.subarray(offset, dataAt), head) !== 0) return false;
    if (entry.packed.buffer !== archive.buffer || entry.packed.byteOffset !== archive.byteOffset + dataAt) return false;
    directory.push(centralHeader(shared, offset), name);
    offset = dataAt + entry.packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const tail = concatBytes([...directory, endRecord(entries.length, size, offset)]);
  return Buffer.compare(archive.subarray(offset), tail) === 0;
}
