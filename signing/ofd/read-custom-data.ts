/** The business values that travel inside an OFD (GB/T 33190 §7.4, CustomDatas of the first document). */
import { readPackage } from '../zip/read-package.ts';
import { ANNOUNCED_SIGNATURES, ANNOUNCED_SIGNER } from './announce-signatures.ts';
import { ROOT_PATH, readOfdRoot } from './read-ofd-root.ts';

const OURS: ReadonlySet<string> = new Set([ANNOUNCED_SIGNATURES, ANNOUNCED_SIGNER]);

/** Values by name; of two with one name the first. Empty when the file states none. @throws MALFORMED */
export function readOfdCustomData(bytes: Uint8Array): ReadonlyMap<string, string> {
  const { files } = readPackage(bytes);
  const [body] = files.has(ROOT_PATH) ? readOfdRoot(files) : [];
  return new Map([...(body?.customData ?? [])].filter(([name]) => !OURS.has(name)));
}
