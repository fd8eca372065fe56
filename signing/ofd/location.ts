/** ST_Loc of GB/T 33190 §7.3: a leading slash is the package root, all else is relative to the naming file. */

/** The path inside the package (no leading slash) that `location` means in the file `base`; undefined when it
 *  leads out of the package. */
export function resolveLocation(base: string, location: string): string | undefined {
  const start = location.startsWith('/') ? [] : base.split('/').slice(0, -1);
  const path: string[] = start;
  for (const part of location.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') path.push(part);
    else if (path.pop() === undefined) return undefined;
  }
  return path.length === 0 ? undefined : path.join('/');
}

/** A file found for a location: exactly, or by case only when just one file fits. */
export interface FoundFile {
  readonly path: string;
  readonly exact: boolean;
}

const folded = new WeakMap<object, ReadonlyMap<string, readonly string[]>>();

/** The names of a package by their small letters, made once: a file may ask for very many that are not there. */
function foldedNames(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, readonly string[]> {
  const known = folded.get(files);
  if (known) return known;
  const names = new Map<string, string[]>();
  for (const name of files.keys()) {
    const fold = name.toLowerCase();
    const same = names.get(fold);
    if (same) same.push(name);
    else names.set(fold, [name]);
  }
  folded.set(files, names);
  return names;
}

/** Find the file a location means. Undefined when none fits, or several differ in case only. */
export function findFile(
  files: ReadonlyMap<string, Uint8Array>,
  base: string,
  location: string,
): FoundFile | undefined {
  // names of entries have no dotted parts, so an absolute location that is one needs no resolving
  const plain = location.startsWith('/') ? location.slice(1) : undefined;
  if (plain !== undefined && files.has(plain)) return { path: plain, exact: true };
  const path = resolveLocation(base, location);
  if (path === undefined) return undefined;
  if (files.has(path)) return { path, exact: true };
  const near = foldedNames(files).get(path.toLowerCase());
  return near?.length === 1 && near[0] !== undefined ? { path: near[0], exact: false } : undefined;
}
