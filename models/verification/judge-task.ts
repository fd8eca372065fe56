/** Judge one task in the thread it is in. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { judgeFile, type ReportDocument, type VerificationPolicy } from '../../signing/index.ts';
import { UnreadablePath, type VerificationTask } from './verifier.ts';

/** A file is read whole; 512 MiB is far beyond any licence. */
const MOST_BYTES = 512 * 1024 * 1024;

export function judgeTask({ bytes, material, at, file }: VerificationTask): ReportDocument {
  const { rules, certificates, crls, sealMakers } = material;
  // the same lists again and again: what is read from them is remembered by the list
  const policy: VerificationPolicy = {
    at,
    ...(certificates ? { certificates } : {}),
    ...(crls ? { crls } : {}),
    ...(sealMakers ? { sealMakers } : {}),
  };
  return judgeFile(typeof bytes === 'string' ? readWhole(bytes) : bytes, { policy, rules, file });
}

function readWhole(path: string): Uint8Array {
  try {
    // asked before it is opened: opening a pipe would wait for whoever writes
    const found = statSync(path);
    if (!found.isFile()) throw new UnreadablePath('not a regular file');
    if (found.size > MOST_BYTES) throw tooLarge();
    const handle = openSync(path, 'r');
    try {
      return readToEnd(handle, found.size);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof UnreadablePath) throw error;
    throw new UnreadablePath((error as Error).message, { cause: error });
  }
}

/** A file may grow while it is read, or not say how long it is: the bound holds for what comes. */
function readToEnd(handle: number, expected: number): Uint8Array {
  let held = new Uint8Array(expected + 1);
  let length = 0;
  for (;;) {
    const got = readSync(handle, held, length, held.length - length, null);
    if (got === 0) return held.subarray(0, length);
    length += got;
    if (length > MOST_BYTES) throw tooLarge();
    if (length === held.length) held = enlarge(held);
  }
}

function enlarge(held: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(MOST_BYTES + 1, Math.max(64 * 1024, held.length * 2)));
  larger.set(held);
  return larger;
}

function tooLarge(): UnreadablePath {
  return new UnreadablePath('the file is larger than 512 MiB');
}
