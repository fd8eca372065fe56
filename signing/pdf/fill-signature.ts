/** Fill the room of a prepared signature: ByteRange over everything but the signature itself (ISO 32000-1 §12.8.1), then
 *  whatever the signer makes of the digest. Works on a copy; nothing is parsed. */
import { createHash } from 'node:crypto';
import { SigningError } from '../error.ts';
import { fillByteRange, fillContents, findPlaceholder } from './placeholder.ts';

export interface FilledBy {
  /** The values of /SubFilter that this maker makes. */
  readonly forms: readonly string[];
  /** Of the digest: node:crypto's name. */
  readonly hash: string;
  /** Digest of what is signed, and /ByteRange as text → DER. */
  readonly make: (digest: Uint8Array, byteRange: string) => Promise<Uint8Array>;
}

/** @throws MALFORMED without a placeholder, or with one of another form, TOO_LARGE when it is too small; as `make` throws */
export async function fillSignature(prepared: Uint8Array, { forms, hash, make }: FilledBy): Promise<Uint8Array> {
  const pdf = Buffer.from(prepared);
  const at = findPlaceholder(pdf);
  if (!forms.includes(at.form)) {
    throw new SigningError('MALFORMED', 'the signature was prepared for another form', { form: at.form });
  }
  const byteRange = fillByteRange(pdf, at);
  const digest = createHash(hash).update(pdf.subarray(0, at.gapStart)).update(pdf.subarray(at.gapEnd)).digest();
  fillContents(pdf, at, await make(digest, byteRange));
  return new Uint8Array(pdf.buffer, pdf.byteOffset, pdf.length);
}
