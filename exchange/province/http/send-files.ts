/** Files on their way over HTTP, apart from the records that name them: frames of a head – the 32-byte SM3 digest, the length in
 *  four bytes, big-endian – and the bytes; so many a request as keep it below a bound. Read and verified right before they leave.
 *  The signature is over the heads one after the other: each binds its bytes, which need no second digest. */
import { inLanes } from '../../../models/kernel/in-lanes.ts';
import { Held } from '../check-before-sending.ts';
import type { ProvinceFile } from '../connector.ts';
import type { HttpLine } from './line.ts';

/** Of files in one request; a few copies of them are in memory on the way. */
const MOST_BYTES = 2_000_000;
const MOST_FILES = 128;
/** A single file beyond this is not sent at all. */
const LONGEST_FILE = 60_000_000;
const READ_AT_ONCE = 8;
const LENGTH_BYTES = 4;

/** Files by digest that could not leave, and why. While one portion is on its way the next is read. Throws `ProvinceAway`. */
export async function sendFiles(line: HttpLine, files: readonly ProvinceFile[]): Promise<Map<string, Held>> {
  const held = new Map<string, Held>();
  let sent: Promise<unknown> = Promise.resolve();
  try {
    for (const portion of inPortions(files)) {
      const frames = await readPortion(portion, held);
      await sent;
      if (frames.length === 0) continue;
      const heads = Buffer.concat(frames.map(({ head }) => head));
      const body = Buffer.concat(frames.flatMap(({ head, bytes }) => [head, bytes]));
      sent = line.post('/api/files', body, 'application/octet-stream', heads);
      // Whoever waits for it comes later; until then its failure is nobody's.
      sent.catch(() => undefined);
    }
  } finally {
    await sent;
  }
  return held;
}

async function readPortion(portion: readonly ProvinceFile[], held: Map<string, Held>): Promise<Frame[]> {
  const frames = await inLanes(portion, READ_AT_ONCE, async (file) => {
    try {
      return [frame(file, await file.read())];
    } catch (error) {
      if (!(error instanceof Held)) throw error;
      held.set(file.sm3, error);
      return [];
    }
  });
  return frames.flat();
}

interface Frame {
  readonly head: Uint8Array;
  readonly bytes: Uint8Array;
}

function frame({ name, sm3 }: ProvinceFile, bytes: Uint8Array): Frame {
  if (bytes.length > LONGEST_FILE) throw new Held(`FILE_TOO_LARGE ${name}`, false);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  return { head: Buffer.concat([Buffer.from(sm3, 'hex'), length]), bytes };
}

/** Each digest once. */
function* inPortions(files: readonly ProvinceFile[]): Generator<readonly ProvinceFile[]> {
  let portion: ProvinceFile[] = [];
  let bytes = 0;
  for (const file of new Map(files.map((one) => [one.sm3, one])).values()) {
    if (portion.length > 0 && (bytes + file.sizeBytes > MOST_BYTES || portion.length >= MOST_FILES)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(file);
    bytes += file.sizeBytes;
  }
  if (portion.length > 0) yield portion;
}
