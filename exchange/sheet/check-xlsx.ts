/** Look at a workbook before a library opens it: it must be a small ZIP that stays small when it is unpacked, and name no
 *  place beyond a worksheet. All limits are of what people fill in by hand. */
import { inflateRawSync } from 'node:zlib';
import { Fault } from '../../models/kernel/fault.ts';

const MOST_ENTRIES = 200;
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;
const END_RECORD = 0x06054b50;
const CENTRAL_RECORD = 0x02014b50;
/** Rows beyond 1,048,576 or columns beyond XFD exist in no worksheet, but a reader would count up to them. */
const IMPOSSIBLE_PLACE = /\br="(?:[A-Z]{0,3}\d{8,}|[A-Z]{4,}\d*)"/;

const refuse = (detail: string) => new Fault('FILE_NOT_WHAT_IT_SAYS', { detail });

/** Throws `FILE_NOT_WHAT_IT_SAYS` or `REQUEST_TOO_LARGE`. */
export function checkXlsx(bytes: Uint8Array): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > file.length || file.readUInt32LE(end) !== END_RECORD) throw refuse('xlsx');
  const count = file.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${MOST_ENTRIES} parts` });
  let at = file.readUInt32LE(end + 16);
  let left = MOST_UNPACKED_BYTES;
  for (let entry = 0; entry < count; entry += 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== CENTRAL_RECORD) throw refuse('xlsx');
    const part = unpack(file, at, left);
    left -= part.length;
    if (IMPOSSIBLE_PLACE.test(part.toString('latin1'))) throw refuse('xlsx');
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
}

function unpack(file: Buffer, central: number, mostBytes: number): Buffer {
  const method = file.readUInt16LE(central + 10);
  const size = file.readUInt32LE(central + 20);
  const local = file.readUInt32LE(central + 42);
  if (local + 30 > file.length) throw refuse('xlsx');
  const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  const packed = file.subarray(start, start + size);
  if (method === 0 && packed.length <= mostBytes) return packed;
  if (method !== 8) throw refuse('xlsx');
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(mostBytes, 1) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw refuse('xlsx');
    throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${MOST_UNPACKED_BYTES} bytes unpacked`, cause });
  }
}
