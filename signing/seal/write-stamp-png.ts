/** A one-colour picture on a transparent ground as a PNG with a palette of sixteen opacities (ISO/IEC 15948):
 *  a tenth of what full colours would take. */
import { crc32, deflateSync } from 'node:zlib';

const RED = '#e01a1a';
const LEVELS = 16;

/** @param rgba pixels of which only the opacity counts
 *  @param colour `#rrggbb`; default the red of seals */
export function writeStampPng(rgba: Uint8ClampedArray, width: number, height: number, colour = RED): Uint8Array {
  const shade = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const stride = Math.ceil(width / 2);
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = Math.round(((rgba[(y * width + x) * 4 + 3] ?? 0) * (LEVELS - 1)) / 255);
      const at = y * (stride + 1) + 1 + (x >> 1);
      rows[at] = (rows[at] ?? 0) | (x % 2 === 0 ? level << 4 : level);
    }
  }
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 4);
  header.setUint8(9, 3);
  const opacities = Array.from({ length: LEVELS }, (_, level) => Math.round((level * 255) / (LEVELS - 1)));
  return new Uint8Array(
    Buffer.concat([
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      chunk('IHDR', new Uint8Array(header.buffer)),
      chunk('PLTE', Uint8Array.from(opacities.flatMap(() => shade))),
      chunk('tRNS', Uint8Array.from(opacities)),
      chunk('IDAT', deflateSync(rows, { level: 9 })),
      chunk('IEND', new Uint8Array(0)),
    ]),
  );
}

function chunk(tag: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(tag), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
