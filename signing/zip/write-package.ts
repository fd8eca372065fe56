import { SigningError } from '../error.ts';
import { nameFault } from './entry-name.ts';
import { layOutArchive, type MadeOn, type RawEntry } from './layout.ts';
import { PackedFile } from './packed-file.ts';

function toEntry(name: string, given: Uint8Array | PackedFile): RawEntry {
  if (nameFault(name) || name.endsWith('/')) throw new SigningError('MALFORMED', 'not a name for an entry', { name });
  const file = given instanceof PackedFile ? given : new PackedFile(given);
  return { name, size: file.bytes.length, ...file.packed(name) };
}

/** Write files, in the order given, as a ZIP archive in our canonical form. Files that know how they are packed are
 *  copied. @throws MALFORMED for an unsafe name */
export function writePackage(files: ReadonlyMap<string, Uint8Array | PackedFile>, madeOn: MadeOn = 'any'): Uint8Array {
  if (files.size > 0xfffe) throw new SigningError('TOO_LARGE', 'too many files for a package');
  return layOutArchive(
    [...files].map(([name, file]) => toEntry(name, file)),
    madeOn,
  );
}
