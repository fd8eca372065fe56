/** Changes inside of a package, laid out again with right sizes and sums, so that they reach the readers of its parts. */
import { crc32, inflateRawSync } from 'node:zlib';
import { layOutArchive, type RawEntry } from '../../../signing/zip/layout.ts';
import { BYTE_MUTATORS, below, type Mutator, pick, type Random, TEXT_MUTATORS } from './mutate-bytes.ts';
import { mutateDer } from './mutate-der.ts';

interface Part {
  readonly name: string;
  readonly data: Uint8Array;
}

const MOST_PARTS = 64;

/** The entries that the directory names; none when it cannot be followed. */
function partsOf(bytes: Uint8Array): Part[] {
  const zip = Buffer.from(bytes);
  const parts: Part[] = [];
  try {
    let at = zip.readUInt32LE(zip.length - 6);
    while (zip.readUInt32LE(at) === 0x02014b50 && parts.length < MOST_PARTS) {
      const nameLength = zip.readUInt16LE(at + 28);
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      const stored = zip.readUInt16LE(at + 10) === 0;
      const data = stored ? packed : inflateRawSync(packed, { maxOutputLength: 1 << 20 });
      parts.push({ name: zip.toString('utf8', at + 46, at + 46 + nameLength), data });
      at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
  } catch {
    // what is broken cannot be changed inside: what was read so far is enough
  }
  return parts;
}

const layOut = (parts: readonly Part[]): Uint8Array =>
  layOutArchive(
    parts.map(({ name, data }): RawEntry => ({ name, method: 0, crc: crc32(data), size: data.length, packed: data })),
  );

const NAMES = [
  'OFD.xml',
  '../OFD.xml',
  '/OFD.xml',
  'ofd.xml',
  'Doc_0/Signs/Signatures.xml',
  'a/',
  'a\u0000b',
  'META-INF/x',
  'Doc_0',
] as const;

function changePart({ name, data }: Part, random: Random, other: Uint8Array): Part[] {
  switch (below(random, 6)) {
    case 0:
      return [];
    case 1:
      return [
        { name, data },
        { name: pick(random, NAMES), data },
      ];
    case 2:
      return [{ name: pick(random, NAMES), data }];
    case 3:
      return [{ name, data: mutateDer(data, random, other) }];
    case 4:
      return [{ name, data: pick(random, TEXT_MUTATORS)(data, random, data) }];
    default:
      return [{ name, data: pick(random, BYTE_MUTATORS)(data, random, other) }];
  }
}

export const mutatePackage: Mutator = (bytes, random, other) => {
  const parts = partsOf(bytes);
  const at = below(random, parts.length);
  const part = parts[at];
  if (part === undefined) return bytes;
  return layOut([...parts.slice(0, at), ...changePart(part, random, other), ...parts.slice(at + 1)]);
};

/** The same parts in another order. */
export const shufflePackage: Mutator = (bytes, random) => {
  const parts = partsOf(bytes);
  return parts.length < 2 ? bytes : layOut(parts.sort(() => random() - 0.5));
};
