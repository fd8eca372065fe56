/** What an ordinary reader gets out of a file, and where the parts of the file lie that signatures cannot cover. Shares
 *  nothing with the product. */
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly size: number;
  readonly packedSize: number;
  readonly headerAt: number;
  readonly dataAt: number;
}

const END_BYTES = 22;

function readEntries(zip: Buffer): { readonly entries: ZipEntry[]; readonly directoryAt: number } {
  const end = zip.length - END_BYTES;
  const directoryAt = zip.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let i = 0, at = directoryAt; i < zip.readUInt16LE(end + 10); i += 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const headerAt = zip.readUInt32LE(at + 42);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      packedSize: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      headerAt,
      dataAt: headerAt + 30 + zip.readUInt16LE(headerAt + 26) + zip.readUInt16LE(headerAt + 28),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return { entries, directoryAt };
}

/** Every file of an OFD with its digest, in order; undefined when it cannot be read. */
export function describeOfd(bytes: Uint8Array): string | undefined {
  const zip = Buffer.from(bytes);
  try {
    const lines = readEntries(zip).entries.map(({ name, method, dataAt, packedSize, size }) => {
      const packed = zip.subarray(dataAt, dataAt + packedSize);
      const content = method === 0 ? packed : inflateRawSync(packed);
      return `${name} ${size} ${createHash('sha256').update(content).digest('hex')}`;
    });
    return lines.join('\n');
  } catch {
    return undefined;
  }
}

/** Offsets of all ZIP headers, the directory and its end, and the data of Signatures.xml, which no signature covers. */
export function uncoveredOfOfd(bytes: Uint8Array): number[] {
  const zip = Buffer.from(bytes);
  const { entries, directoryAt } = readEntries(zip);
  const ranges = entries.map(({ headerAt, dataAt }) => [headerAt, dataAt] as const);
  const list = entries.find(({ name }) => name.endsWith('/Signatures.xml'));
  if (list) ranges.push([list.dataAt, list.dataAt + list.packedSize]);
  return offsetsOf([...ranges, [directoryAt, zip.length]]);
}

/** The place of /Contents with its brackets. */
function gapOf(pdf: Buffer): readonly [number, number] {
  const start = pdf.indexOf('/Contents <', 0, 'latin1') + '/Contents '.length;
  return [start, pdf.indexOf('>', start, 'latin1') + 1];
}

/** Everything around /Contents byte for byte, and what its hexadecimal digits say (ISO 32000-1 §7.3.4.3).
 *  @param gap of the genuine file */
export function describePdf(bytes: Uint8Array, gap: readonly [number, number]): string {
  const pdf = Buffer.from(bytes);
  const around = createHash('sha256').update(pdf.subarray(0, gap[0])).update(pdf.subarray(gap[1])).digest('hex');
  const text = pdf.toString('latin1', gap[0], gap[1]);
  const digits = text.replace(/[\s\0]/g, '').toLowerCase();
  return `${around} ${digits}`;
}

export function uncoveredOfPdf(bytes: Uint8Array): {
  readonly gap: readonly [number, number];
  readonly offsets: number[];
} {
  const gap = gapOf(Buffer.from(bytes));
  return { gap, offsets: offsetsOf([gap]) };
}

function offsetsOf(ranges: readonly (readonly [number, number])[]): number[] {
  return ranges.flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i));
}
