/** ZIP archives of any shape, broken ones included (APPNOTE 6.3.9), written without the code that is judged. */
import { crc32, deflateRawSync } from 'node:zlib';

/** An entry, and what its headers say where that is not the truth. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly data: Uint8Array;
  readonly method?: 0 | 8;
  readonly level?: number;
  /** Sizes and CRC behind the data instead of before it; `bare`: without a signature. */
  readonly descriptor?: 'signed' | 'bare' | 'wrong';
  readonly flags?: number;
  /** What the headers say. */
  readonly stated?: Partial<Record<'crc' | 'size' | 'packedSize' | 'method' | 'disk' | 'offset', number>>;
  /** What the local header alone says. */
  readonly local?: { readonly name?: string; readonly crc?: number; readonly size?: number; readonly flags?: number };
  /** Extra fields of the local header, and of the directory. */
  readonly extra?: readonly [local: Uint8Array, central: Uint8Array];
  readonly comment?: string;
  /** Bytes behind the packed data that nothing accounts for. */
  readonly gap?: Uint8Array;
  /** Not in the directory. */
  readonly hidden?: boolean;
  /** In the directory only. */
  readonly ghost?: boolean;
  readonly time?: number;
  readonly madeBy?: number;
  readonly attributes?: number;
}

export interface ZipShape {
  readonly prefix?: Uint8Array;
  readonly suffix?: Uint8Array;
  readonly comment?: string;
  /** Order of the directory. */
  readonly order?: (names: readonly number[]) => readonly number[];
  /** What the end record says. */
  readonly end?: Partial<Record<'count' | 'size' | 'offset' | 'disk', number>>;
  /** Between directory and end record. */
  readonly beforeEnd?: Uint8Array;
  readonly beforeDirectory?: Uint8Array;
}

const UTF8 = 0x0800;
const DOS_TIME = 0x5b6c_6000;

interface Laid {
  readonly local: Buffer;
  readonly central: (offset: number) => Buffer;
}

function fields(widths: readonly (readonly [value: number, width: 2 | 4])[]): Buffer {
  return Buffer.concat(
    widths.map(([value, width]) => {
      const bytes = Buffer.alloc(width);
      if (width === 2) bytes.writeUInt16LE(value);
      else bytes.writeUInt32LE(value >>> 0);
      return bytes;
    }),
  );
}

function layEntry(entry: ZipEntry): Laid {
  const { data, method = 8, descriptor, stated = {}, local = {}, extra = [Buffer.of(), Buffer.of()] } = entry;
  const name = typeof entry.name === 'string' ? Buffer.from(entry.name) : Buffer.from(entry.name);
  const packed = method === 8 ? deflateRawSync(data, { level: entry.level ?? 6 }) : Buffer.from(data);
  const flags = entry.flags ?? UTF8 | (descriptor ? 8 : 0);
  const { crc = crc32(data), size = data.length, packedSize = packed.length } = stated;
  const how = stated.method ?? method;
  const time = entry.time ?? DOS_TIME;
  const localName = local.name === undefined ? name : Buffer.from(local.name);
  const early = descriptor ? [0, 0, 0] : [local.crc ?? crc, packedSize, local.size ?? size];
  const head = fields([
    [0x04034b50, 4],
    [20, 2],
    [local.flags ?? flags, 2],
    [how, 2],
    [time, 4],
    [early[0] ?? 0, 4],
    [early[1] ?? 0, 4],
    [early[2] ?? 0, 4],
    [localName.length, 2],
    [extra[0].length, 2],
  ]);
  const behind: Buffer[] = [];
  if (descriptor === 'signed' || descriptor === 'wrong') behind.push(fields([[0x08074b50, 4]]));
  const truth = descriptor === 'wrong' ? crc ^ 1 : crc;
  if (descriptor)
    behind.push(
      fields([
        [truth, 4],
        [packedSize, 4],
        [size, 4],
      ]),
    );
  const comment = Buffer.from(entry.comment ?? '');
  return {
    local: entry.ghost
      ? Buffer.of()
      : Buffer.concat([head, localName, extra[0], packed, ...behind, entry.gap ?? Buffer.of()]),
    central: (offset) =>
      Buffer.concat([
        fields([
          [0x02014b50, 4],
          [entry.madeBy ?? 20, 2],
          [20, 2],
          [flags, 2],
          [how, 2],
          [time, 4],
          [crc, 4],
          [packedSize, 4],
          [size, 4],
          [name.length, 2],
          [extra[1].length, 2],
          [comment.length, 2],
          [stated.disk ?? 0, 2],
          [0, 2],
          [entry.attributes ?? 0, 4],
          [stated.offset ?? offset, 4],
        ]),
        name,
        extra[1],
        comment,
      ]),
  };
}

/** Lay entries out in their order. */
export function zip(entries: readonly ZipEntry[], shape: ZipShape = {}): Uint8Array {
  const parts: Uint8Array[] = [shape.prefix ?? Buffer.of()];
  const headers: (Buffer | undefined)[] = [];
  let at = parts[0]?.length ?? 0;
  for (const entry of entries) {
    const laid = layEntry(entry);
    headers.push(entry.hidden ? undefined : laid.central(at));
    parts.push(laid.local);
    at += laid.local.length;
  }
  const between = shape.beforeDirectory ?? Buffer.of();
  const numbers = headers.map((_, index) => index);
  const listed = (shape.order?.(numbers) ?? numbers).flatMap((index) => headers[index] ?? []);
  const directory = Buffer.concat(listed);
  const { count = listed.length, size = directory.length, offset = at + between.length, disk = 0 } = shape.end ?? {};
  const comment = Buffer.from(shape.comment ?? '');
  const end = fields([
    [0x06054b50, 4],
    [disk, 2],
    [disk, 2],
    [count, 2],
    [count, 2],
    [size, 4],
    [offset, 4],
    [comment.length, 2],
  ]);
  return Buffer.concat([
    ...parts,
    between,
    directory,
    shape.beforeEnd ?? Buffer.of(),
    end,
    comment,
    shape.suffix ?? Buffer.of(),
  ]);
}

export type Files = ReadonlyMap<string, Uint8Array>;

/** Files as entries, all made in one way. */
export function entriesOf(files: Files, how: Partial<ZipEntry> = {}): ZipEntry[] {
  return [...files].map(([name, data]) => ({ name, data, ...how }));
}
