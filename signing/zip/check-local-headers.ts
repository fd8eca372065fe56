/** Local headers against the directory (APPNOTE 6.3.9 §4.3.7, §4.3.9): equal, end to end, nothing hidden. */
import { SIGNATURE } from './layout.ts';
import { packageFault } from './package-fault.ts';
import type { Directory, DirectoryEntry } from './read-directory.ts';

export interface LocatedEntry {
  readonly entry: DirectoryEntry;
  /** Its bytes as packed. */
  readonly packed: Uint8Array;
}

const LOCAL_LENGTH = 30;

/** Length of the data descriptor at `at`, which must repeat the sizes of the directory. */
function descriptorLength(zip: Buffer, at: number, entry: DirectoryEntry, limit: number): number {
  for (const head of [4, 0]) {
    if (at + head + 12 > limit) continue;
    if (head === 4 && zip.readUInt32LE(at) !== SIGNATURE.descriptor) continue;
    const same =
      zip.readUInt32LE(at + head) === entry.crc &&
      zip.readUInt32LE(at + head + 4) === entry.packedSize &&
      zip.readUInt32LE(at + head + 8) === entry.size;
    if (same) return head + 12;
  }
  throw packageFault('CONTAINER_INCONSISTENT', 'data descriptor contradicts the directory', entry.name);
}

function sizesAgree(zip: Buffer, at: number, entry: DirectoryEntry): boolean {
  const sizes = [zip.readUInt32LE(at + 14), zip.readUInt32LE(at + 18), zip.readUInt32LE(at + 22)] as const;
  const plain = sizes[0] === entry.crc && sizes[1] === entry.packedSize && sizes[2] === entry.size;
  return plain || (entry.hasDescriptor && sizes.every((value) => value === 0));
}

/** The entry at its local header, and where the next one must begin. */
function locate(zip: Buffer, entry: DirectoryEntry, limit: number): { located: LocatedEntry; next: number } {
  const at = entry.offset;
  if (at + LOCAL_LENGTH > limit || zip.readUInt32LE(at) !== SIGNATURE.local) {
    throw packageFault('CONTAINER_INCONSISTENT', 'local header missing', entry.name);
  }
  const nameEnd = at + LOCAL_LENGTH + zip.readUInt16LE(at + 26);
  const start = nameEnd + zip.readUInt16LE(at + 28);
  const agrees =
    zip.readUInt16LE(at + 6) === entry.flags &&
    zip.readUInt16LE(at + 8) === entry.method &&
    sizesAgree(zip, at, entry) &&
    Buffer.compare(zip.subarray(at + LOCAL_LENGTH, nameEnd), entry.nameBytes) === 0;
  const end = start + entry.packedSize;
  if (!agrees || end > limit)
    throw packageFault('CONTAINER_INCONSISTENT', 'local header contradicts the directory', entry.name);
  const next = entry.hasDescriptor ? end + descriptorLength(zip, end, entry, limit) : end;
  return { located: { entry, packed: zip.subarray(start, end) }, next };
}

/** Find every entry in the archive, in directory order. */
export function checkLocalHeaders(bytes: Uint8Array, directory: Directory): LocatedEntry[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<DirectoryEntry, LocatedEntry>();
  let expected = 0;
  for (const entry of [...directory.entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset > expected)
      throw packageFault('ENTRY_HIDDEN', 'bytes that no entry of the directory owns', entry.name);
    if (entry.offset < expected) throw packageFault('CONTAINER_INCONSISTENT', 'entries overlap', entry.name);
    const { located, next } = locate(zip, entry, directory.offset);
    found.set(entry, located);
    expected = next;
  }
  if (expected !== directory.offset)
    throw packageFault('ENTRY_HIDDEN', 'bytes before the directory that no entry owns');
  return directory.entries.flatMap((entry) => found.get(entry) ?? []);
}
