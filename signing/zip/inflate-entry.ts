import { crc32, inflateRawSync } from 'node:zlib';
import { SigningError } from '../error.ts';
import { packageFault } from './package-fault.ts';
import type { PackageLimits } from './package-limits.ts';
import type { DirectoryEntry } from './read-directory.ts';

const RATIO_FLOOR_BYTES = 64 * 1024;

/** With `info`, Node gives the engine beside the bytes; its types do not know. */
interface InflatedWithInfo {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflate(entry: DirectoryEntry, packed: Uint8Array): Uint8Array {
  try {
    // one output chunk of the stated size: no joining of pieces
    const options = { maxOutputLength: Math.max(entry.size, 1), chunkSize: Math.max(entry.size, 64), info: true };
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as InflatedWithInfo;
    if (engine.bytesWritten !== packed.length)
      throw packageFault('ENTRY_HIDDEN', 'bytes after the deflated data', entry.name);
    return buffer;
  } catch (error) {
    if (error instanceof SigningError) throw error;
    throw packageFault('CONTAINER_INCONSISTENT', 'deflated data are broken or longer than stated', entry.name);
  }
}

/** The content of an entry. Bounds are checked before anything is allocated; size and CRC must be as stated. */
export function inflateEntry(entry: DirectoryEntry, packed: Uint8Array, limits: PackageLimits): Uint8Array {
  const tooDense = entry.size > RATIO_FLOOR_BYTES && entry.size > packed.length * limits.maxRatio;
  if (entry.size > limits.maxEntryBytes || tooDense) {
    throw new SigningError('TOO_LARGE', 'an entry is too large when inflated', { entry: entry.name });
  }
  const data = entry.method === 0 ? packed : inflate(entry, packed);
  if (data.length !== entry.size || crc32(data) !== entry.crc) {
    throw packageFault('CONTAINER_INCONSISTENT', 'content differs from its stated size or CRC', entry.name);
  }
  return data;
}
