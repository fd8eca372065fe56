/** The content-addressed store in a folder: `ab/cd/abcd…`. A file gets its name only when its bytes are on the disk:
 *  temporary name, fsync, rename, fsync of the folder. */
import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { sm3Hex } from '../../kernel/digest.ts';
import { Fault } from '../../kernel/fault.ts';
import type { BlobDigest, BlobStore } from './blob-store.ts';

const DIGEST = /^[0-9a-f]{64}$/;

export function makeFileBlobs(root: string): BlobStore {
  const durable = new Set<string>();
  return {
    async put(bytes, digest = sm3Hex(bytes)) {
      const target = locate(root, digest);
      if (await exists(target)) return digest;
      await makeFolderDurable(root, path.dirname(target), durable);
      await writeDurably(target, bytes);
      return digest;
    },
    async get(digest) {
      const bytes = await readFile(locate(root, digest)).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ENOENT' ? new Fault('FILE_MISSING', { cause }) : cause;
      });
      if (sm3Hex(bytes) !== digest) throw new Fault('BLOB_CORRUPT', { detail: digest });
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    has(digest) {
      return exists(locate(root, digest));
    },
  };
}

function locate(root: string, digest: BlobDigest): string {
  if (!DIGEST.test(digest)) throw new Fault('FILE_MISSING');
  return path.join(root, digest.slice(0, 2), digest.slice(2, 4), digest);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function writeDurably(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${target}.${randomBytes(6).toString('hex')}.part`;
  const file = await open(temporary, 'wx');
  try {
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary);
    throw error;
  }
  await syncFolder(path.dirname(target));
}

/** A folder is there after a power failure only when each parent that names it was synced.
 *  @param durable folders of which this is known */
async function makeFolderDurable(root: string, folder: string, durable: Set<string>): Promise<void> {
  if (durable.has(folder)) return;
  await mkdir(folder, { recursive: true });
  for (let child = folder; child !== root && !durable.has(child); child = path.dirname(child)) {
    await syncFolder(path.dirname(child));
    durable.add(child);
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
