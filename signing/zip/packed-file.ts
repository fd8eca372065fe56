/** A file of a package that remembers what costs time: how it lies in the archive, and its SM3. Files that do not change
 *  from one archive to the next are copied, not packed again. */
import { crc32, deflateRawSync } from 'node:zlib';
import { sm3 } from '../sm2/sm3.ts';

/** A file as it lies in an archive. */
export interface PackedForm {
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8;
  readonly crc: number;
  readonly packed: Uint8Array;
}

/** Pictures are compressed already, and a seal is mostly its picture; fonts would give back a quarter of a file for half
 *  the time of sealing and judging. */
const STORED = /\.(png|jpe?g|gif|ttf|otf|esl|dat)$/i;

/** Nearly as small as the default level, in half the time. */
const LEVEL = 4;

/** What is smaller gives back a kilobyte or two for a tenth of the time of judging. */
const WORTH_DEFLATING_BYTES = 4096;

/** Whether a file is stored (0) or deflated (8) in an archive of ours: by its name and size alone, also for the few files that
 *  deflating does not make smaller. */
function methodOf(name: string, size: number): 0 | 8 {
  return size < WORTH_DEFLATING_BYTES || STORED.test(name) ? 0 : 8;
}

function pack(name: string, bytes: Uint8Array): PackedForm {
  const method = methodOf(name, bytes.length);
  const packed = method === 0 ? bytes : deflateRawSync(bytes, { level: LEVEL, chunkSize: bytes.length });
  return { method, crc: crc32(bytes), packed };
}

/** The bytes must not change once they are here. */
export class PackedFile {
  readonly bytes: Uint8Array;
  private form: PackedForm | undefined;
  private digest: Uint8Array | undefined;

  /** @param form how the file lies in the archive it comes from */
  constructor(bytes: Uint8Array, form?: PackedForm) {
    this.bytes = bytes;
    this.form = form;
  }

  /** SM3 of the content. */
  sm3(): Uint8Array {
    this.digest ??= sm3(this.bytes);
    return this.digest;
  }

  /** How it is packed; by its name on the first asking. */
  packed(name: string): PackedForm {
    this.form ??= pack(name, this.bytes);
    return this.form;
  }
}

/** Files by path that remember. */
export function packFiles(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, PackedFile> {
  return new Map([...files].map(([path, bytes]) => [path, new PackedFile(bytes)]));
}
