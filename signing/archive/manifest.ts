/** The manifest of a volume: a line a file, `SM3 size path`, ordered by path, nothing else. It names every file below the root
 *  but itself and its signature. One form only, so that nothing can be hidden in it. */
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { MANIFEST, MANIFEST_SIGNATURE } from './volume-paths.ts';

export interface ManifestLine {
  /** 64 hexadecimal characters. */
  readonly sm3: string;
  readonly size: number;
  readonly path: string;
}

export const sm3Hex = (bytes: Uint8Array) => Buffer.from(sm3(bytes)).toString('hex');

const byPath = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** @param files by path below the root */
export function writeManifest(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const named = [...files.keys()].filter((path) => path !== MANIFEST && path !== MANIFEST_SIGNATURE).sort(byPath);
  const lines = named.map((path) => {
    const bytes = files.get(path) ?? new Uint8Array();
    return `${sm3Hex(bytes)} ${bytes.length} ${path}\n`;
  });
  return new TextEncoder().encode(lines.join(''));
}

const LINE = /^([0-9a-f]{64}) (0|[1-9]\d{0,11}) ([^\p{Cc}]+)$/u;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws MALFORMED for anything but the one form */
export function readManifest(bytes: Uint8Array): ManifestLine[] {
  const text = decode(bytes);
  if (!text.endsWith('\n')) throw wrong();
  const lines = text.slice(0, -1).split('\n');
  const read = lines.map((line) => {
    const [, digest, size, path] = LINE.exec(line) ?? [];
    if (digest === undefined || size === undefined || path === undefined) throw wrong();
    return { sm3: digest, size: Number(size), path };
  });
  for (const [index, { path }] of read.entries()) {
    const before = read[index - 1];
    if (before && byPath(before.path, path) >= 0) throw wrong();
  }
  return read;
}

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw wrong(cause);
  }
}

function wrong(cause?: unknown): SigningError {
  return new SigningError('MALFORMED', 'not a manifest', {}, { cause });
}
