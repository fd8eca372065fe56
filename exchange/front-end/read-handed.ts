/** Bytes of files that departments have sealed: small ones of many licences in one go; a large one piece by piece into a place of
 *  its size, through a gate that the whole process shares. */
import type { HandedFile } from '../../models/licence/index.ts';
import { makeLargeGate } from './large-gate.ts';
import type { FileRef, FrontEndProfile, MachinePass } from './profile.ts';

/** From here on a file is large. */
export const LARGE_BYTES = 4_000_000;

const processGate = makeLargeGate();

/** @param use the bytes are let go when it has ended
 *  @throws ReadTooSlowly for what is large when another is slow as well: a later pass reads it */
export async function readHanded(
  pass: MachinePass,
  profile: FrontEndProfile,
  files: readonly FileRef[],
  use: (handed: ReadonlyMap<FileRef, HandedFile>) => Promise<void>,
  gate = processGate,
): Promise<void> {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const small = files.length > 1 && files.every(({ sizeBytes }) => sizeBytes <= LARGE_BYTES);
  if (bytes <= LARGE_BYTES || small) {
    const contents = await profile.readFiles(pass, files);
    return use(new Map(files.map((file, index) => [file, handOver(file, contents[index] ?? new Uint8Array())])));
  }
  const read = async (stopped: AbortSignal) => {
    const handed = new Map<FileRef, HandedFile>();
    for (const file of files) handed.set(file, await readLarge(pass, profile, file, stopped));
    return handed;
  };
  return gate.through(read, use);
}

function handOver({ format, sm3 }: FileRef, bytes: Uint8Array): HandedFile {
  return { format, bytes, sm3 };
}

async function readLarge(
  pass: MachinePass,
  profile: FrontEndProfile,
  file: FileRef,
  stopped: AbortSignal,
): Promise<HandedFile> {
  const bytes = new Uint8Array(file.sizeBytes);
  let at = 0;
  for await (const piece of profile.streamFile(pass, file)) {
    stopped.throwIfAborted();
    // What has grown since it was measured is not what was measured.
    if (at + piece.length > bytes.length) throw new RangeError('a file has changed while it was read');
    bytes.set(piece, at);
    at += piece.length;
  }
  return handOver(file, bytes.subarray(0, at));
}
