/** Volumes as they lie on a disk: a file, or a folder that was unpacked. Nothing is followed out of a folder. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { VOLUME_LIMITS } from '../../signing/index.ts';

export interface GivenVolume {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** What must not be in an unpacked volume; the message names it. */
export class UnsafeFolder extends Error {
  override readonly name = 'UnsafeFolder';
  readonly reason: 'LINK' | 'TOO_LARGE';

  constructor(reason: 'LINK' | 'TOO_LARGE', where: string) {
    super(where);
    this.reason = reason;
  }
}

const MANIFEST = '清单.sm3';

/** Throws the file system's error for a path that is none, and for a folder that holds no volume. */
export function findVolumes(path: string): GivenVolume[] {
  const found = lstatSync(path);
  if (!found.isDirectory()) return [{ path, kind: 'file' }];
  const names = readdirSync(path).sort();
  if (names.includes(MANIFEST)) return [{ path, kind: 'folder' }];
  const files = names.filter((name) => name.toLowerCase().endsWith('.zip'));
  const folders = names.filter((name) => lstatSync(join(path, name)).isDirectory());
  const unpacked = folders.filter((name) => readdirSync(join(path, name)).includes(MANIFEST));
  const volumes = [
    ...files.map((name) => ({ path: join(path, name), kind: 'file' as const })),
    ...unpacked.map((name) => ({ path: join(path, name), kind: 'folder' as const })),
  ];
  if (volumes.length === 0) throw new Error('no volume in this folder');
  return volumes;
}

/** Throws for what is no regular file, or too large for a volume. */
export function readVolumeFile(path: string): Uint8Array {
  // without waiting: opening a pipe would wait for whoever writes
  const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) throw new Error('not a regular file');
    if (found.size > VOLUME_LIMITS.maxTotalBytes) throw new Error('too large for a volume');
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Its files by path, under the folder's own name. Throws `UnsafeFolder`. */
export function readFolder(path: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const bounds = { bytes: 0 };
  walk(resolve(path), basename(resolve(path)), files, bounds);
  return files;
}

function walk(folder: string, prefix: string, files: Map<string, Uint8Array>, bounds: { bytes: number }): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [at, name] = [join(folder, entry.name), `${prefix}/${entry.name.normalize('NFC')}`];
    if (entry.isDirectory()) walk(at, name, files, bounds);
    else if (!entry.isFile()) throw new UnsafeFolder('LINK', name);
    else {
      const { size } = lstatSync(at);
      bounds.bytes += size;
      const tooLarge = size > VOLUME_LIMITS.maxEntryBytes || bounds.bytes > VOLUME_LIMITS.maxTotalBytes;
      if (tooLarge || files.size >= VOLUME_LIMITS.maxEntries) throw new UnsafeFolder('TOO_LARGE', name);
      files.set(name, readFileSync(at));
    }
  }
}
