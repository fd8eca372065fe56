/** A strict ZIP reader: what it gives is all there is. The central directory and the local headers must agree,
 *  entries must lie end to end from the first byte to the directory, and nothing may follow the end record. */
import { SigningError } from '../error.ts';
import { checkLocalHeaders } from './check-local-headers.ts';
import { foldName } from './entry-name.ts';
import { inflateEntry } from './inflate-entry.ts';
import { isLaidOutSo, type RawEntry } from './layout.ts';
import { packageFault } from './package-fault.ts';
import { DEFAULT_LIMITS, type PackageLimits } from './package-limits.ts';
import { PackedFile } from './packed-file.ts';
import { readDirectory } from './read-directory.ts';

export interface ReadPackage {
  /** Name → content, in directory order; folders left out. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The same files as they lie in the archive, for an archive that copies them. */
  readonly packedFiles: () => ReadonlyMap<string, PackedFile>;
  /** Whether the archive is what our writer makes of these files in this order: no folders, every byte around them as we lay
   *  it out. How each is packed is not asked: it may change from one version to the next, and files stay valid for years. */
  readonly canonical: boolean;
  /** Whether any entry has a data descriptor (seen in genuine files of others). */
  readonly descriptors: boolean;
}

/** Read an archive. @throws MALFORMED with details.reason ENTRY_DUPLICATE, ENTRY_HIDDEN, ENTRY_NAME_UNSAFE,
 *  CONTAINER_INCONSISTENT or UNREADABLE; TOO_LARGE beyond the limits */
export function readPackage(bytes: Uint8Array, limits: PackageLimits = DEFAULT_LIMITS): ReadPackage {
  const directory = readDirectory(bytes, limits);
  const located = checkLocalHeaders(bytes, directory);
  const files = new Map<string, Uint8Array>();
  const folded = new Set<string>();
  let total = 0;
  const raw: RawEntry[] = [];
  for (const { entry, packed } of located) {
    const fold = foldName(entry.name);
    if (folded.has(fold)) throw packageFault('ENTRY_DUPLICATE', 'two entries of one name', entry.name);
    folded.add(fold);
    total += entry.size;
    if (total > limits.maxTotalBytes) throw new SigningError('TOO_LARGE', 'the package is too large when inflated');
    raw.push({ name: entry.name, method: entry.method, crc: entry.crc, size: entry.size, packed });
    const data = inflateEntry(entry, packed, limits);
    if (!entry.name.endsWith('/')) files.set(entry.name, data);
    else if (data.length > 0) throw packageFault('ENTRY_HIDDEN', 'a folder with content', entry.name);
  }
  const descriptors = directory.entries.some((entry) => entry.hasDescriptor);
  const packedFiles = () =>
    new Map(
      raw.flatMap(({ name, ...form }) => {
        const data = files.get(name);
        return data ? [[name, new PackedFile(data, form)] as const] : [];
      }),
    );
  const filesOnly = files.size === raw.length;
  return { files, packedFiles, descriptors, canonical: !descriptors && filesOnly && isLaidOutSo(bytes, raw) };
}
