/** Textual encodings (RFC 7468). */
import { SigningError } from '../error.ts';

/** Wrap DER in PEM with 64-character lines. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/** The DER of every PEM block with one of the labels, in order. A file that is DER itself (it begins with a
 *  SEQUENCE) is given back as the only one. @throws MALFORMED when there is neither */
export function fromPemOrDer(file: Uint8Array, ...labels: readonly string[]): Uint8Array[] {
  if (file[0] === 0x30) return [file];
  const blocks: Uint8Array[] = [];
  for (const [, label = '', body = ''] of Buffer.from(file).toString('latin1').matchAll(BLOCK)) {
    if (labels.includes(label)) blocks.push(Buffer.from(body, 'base64'));
  }
  if (blocks.length === 0) throw new SigningError('MALFORMED', `neither DER nor PEM of ${labels.join(', ')}`);
  return blocks;
}
