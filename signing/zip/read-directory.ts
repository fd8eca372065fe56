/** The end record and the central directory (APPNOTE 6.3.9 §4.3.12, §4.3.16). */
import { SigningError } from '../error.ts';
import { nameFault } from './entry-name.ts';
import { SIGNATURE } from './layout.ts';
import { packageFault } from './package-fault.ts';
import type { PackageLimits } from './package-limits.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
  readonly hasDescriptor: boolean;
}

export interface Directory {
  readonly entries: readonly DirectoryEntry[];
  /** Where the directory begins. */
  readonly offset: number;
}

const END_LENGTH = 22;
const CENTRAL_LENGTH = 46;
/** Compression level hints, data descriptor, UTF-8 names; every other flag is refused (encryption first of all). */
const ALLOWED_FLAGS = 0x0002 | 0x0004 | 0x0008 | 0x0800;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeName(bytes: Uint8Array): string {
  try {
    const name = UTF8.decode(bytes);
    const fault = nameFault(name);
    if (fault === undefined) return name;
    throw packageFault('ENTRY_NAME_UNSAFE', fault, name);
  } catch (error) {
    if (error instanceof SigningError) throw error;
    throw packageFault('ENTRY_NAME_UNSAFE', 'a name that is not UTF-8');
  }
}

/** Extra fields that would give an entry another size or name than the one read here. */
function checkExtra(extra: Buffer, name: string): void {
  for (let at = 0; at < extra.length; ) {
    if (at + 4 > extra.length) throw packageFault('CONTAINER_INCONSISTENT', 'broken extra field', name);
    const id = extra.readUInt16LE(at);
    if (id === 0x0001 || id === 0x7075)
      throw packageFault('CONTAINER_INCONSISTENT', 'extra field of another size or name', name);
    at += 4 + extra.readUInt16LE(at + 2);
    if (at > extra.length) throw packageFault('CONTAINER_INCONSISTENT', 'broken extra field', name);
  }
}

const UNIX_HOSTS: ReadonlySet<number> = new Set([3, 19]);
const [TYPE_BITS, FILE, FOLDER] = [0xf000, 0x8000, 0x4000];

/** Links, devices and pipes, as Unix archivers write them into the attributes (APPNOTE §4.4.2, §4.4.15). */
function checkKind(zip: Buffer, at: number, name: string): void {
  if (!UNIX_HOSTS.has(zip.readUInt8(at + 5))) return;
  const type = zip.readUInt16LE(at + 40) & TYPE_BITS;
  if (type !== 0 && type !== FILE && type !== FOLDER) throw packageFault('UNREADABLE', 'a link or device', name);
}

function readEntry(zip: Buffer, at: number, end: number): { entry: DirectoryEntry; next: number } {
  if (at + CENTRAL_LENGTH > end || zip.readUInt32LE(at) !== SIGNATURE.central) {
    throw packageFault('CONTAINER_INCONSISTENT', 'broken directory');
  }
  const nameEnd = at + CENTRAL_LENGTH + zip.readUInt16LE(at + 28);
  const extraEnd = nameEnd + zip.readUInt16LE(at + 30);
  const next = extraEnd + zip.readUInt16LE(at + 32);
  if (next > end) throw packageFault('CONTAINER_INCONSISTENT', 'directory entry cut short');
  const nameBytes = zip.subarray(at + CENTRAL_LENGTH, nameEnd);
  const name = decodeName(nameBytes);
  checkExtra(zip.subarray(nameEnd, extraEnd), name);
  checkKind(zip, at, name);
  const flags = zip.readUInt16LE(at + 8);
  const method = zip.readUInt16LE(at + 10);
  if ((flags & ~ALLOWED_FLAGS) !== 0) throw packageFault('UNREADABLE', 'encrypted or unknown kind of entry', name);
  if (method !== 0 && method !== 8) throw packageFault('UNREADABLE', 'unknown compression', name);
  if (next !== extraEnd || zip.readUInt16LE(at + 34) !== 0)
    throw packageFault('ENTRY_HIDDEN', 'comment or other disk', name);
  const entry: DirectoryEntry = {
    name,
    nameBytes,
    flags,
    method,
    hasDescriptor: (flags & 0x0008) !== 0,
    crc: zip.readUInt32LE(at + 16),
    packedSize: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    offset: zip.readUInt32LE(at + 42),
  };
  return { entry, next };
}

/** Read the directory. The end record must be the last bytes of the archive, without a comment. */
export function readDirectory(bytes: Uint8Array, limits: PackageLimits): Directory {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = zip.length - END_LENGTH;
  if (end < 0 || zip.readUInt32LE(0) !== SIGNATURE.local) throw packageFault('UNREADABLE', 'not an archive');
  if (zip.readUInt32LE(end) !== SIGNATURE.end || zip.readUInt16LE(end + 20) !== 0) {
    throw packageFault('ENTRY_HIDDEN', 'bytes after the end record, or none');
  }
  const count = zip.readUInt16LE(end + 10);
  const size = zip.readUInt32LE(end + 12);
  const offset = zip.readUInt32LE(end + 16);
  if (zip.readUInt32LE(end + 4) !== 0 || zip.readUInt16LE(end + 8) !== count || offset + size !== end) {
    throw packageFault('CONTAINER_INCONSISTENT', 'the end record contradicts the directory');
  }
  if (count > limits.maxEntries) throw new SigningError('TOO_LARGE', 'too many entries in the package');
  const entries: DirectoryEntry[] = [];
  let at = offset;
  while (entries.length < count) {
    const { entry, next } = readEntry(zip, at, end);
    entries.push(entry);
    at = next;
  }
  if (at !== end) throw packageFault('ENTRY_HIDDEN', 'bytes between directory and end record');
  return { entries, offset };
}
