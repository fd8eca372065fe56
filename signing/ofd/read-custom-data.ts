/** The business values that travel inside an OFD (GB/T 33190 §7.4, CustomDatas of the first document). */
import { checkLocalHeaders } from '../zip/check-local-headers.ts';
import { foldName } from '../zip/entry-name.ts';
import { inflateEntry } from '../zip/inflate-entry.ts';
import { packageFault } from '../zip/package-fault.ts';
import { DEFAULT_LIMITS } from '../zip/package-limits.ts';
import { readDirectory } from '../zip/read-directory.ts';
import { ANNOUNCED_SIGNATURES, ANNOUNCED_SIGNER } from './announce-signatures.ts';
import { ROOT_PATH, readOfdRoot } from './read-ofd-root.ts';

const OURS: ReadonlySet<string> = new Set([ANNOUNCED_SIGNATURES, ANNOUNCED_SIGNER]);

const FOLDED_ROOT = foldName(ROOT_PATH);

/** Values by name; of two with one name the first. Empty when the file states none. Only the entry that names them is inflated:
 *  whether the others are sound is the verifier's to say. @throws MALFORMED, TOO_LARGE */
export function readOfdCustomData(bytes: Uint8Array): ReadonlyMap<string, string> {
  const located = checkLocalHeaders(bytes, readDirectory(bytes, DEFAULT_LIMITS));
  const [root, second] = located.filter(({ entry }) => foldName(entry.name) === FOLDED_ROOT);
  if (second) throw packageFault('ENTRY_DUPLICATE', 'two entries of one name', second.entry.name);
  if (root?.entry.name !== ROOT_PATH) return new Map();
  const [body] = readOfdRoot(new Map([[ROOT_PATH, inflateEntry(root.entry, root.packed, DEFAULT_LIMITS)]]));
  return new Map([...(body?.customData ?? [])].filter(([name]) => !OURS.has(name)));
}
