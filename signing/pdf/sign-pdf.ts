/** Sign a prepared PDF: ByteRange over everything but the signature itself (ISO 32000-1 §12.8.1), CMS detached
 *  signature after PAdES baseline B-B (ETSI EN 319 142-1). Fills the placeholder in a copy; nothing is parsed. */
import { createHash } from 'node:crypto';
import { contentHashOf, type DetachedSigner, writeSignedData } from '../cms/write-signed-data.ts';
import { fillByteRange, fillContents, findPlaceholder } from './placeholder.ts';

/** @param prepared what `prepareSignature` and a save without object streams made
 * @throws MALFORMED without a placeholder, TOO_LARGE when it is too small, KEY_UNUSABLE or CERTIFICATE_UNFIT as `writeSignedData` */
export async function signPdf(prepared: Uint8Array, signer: DetachedSigner): Promise<Uint8Array> {
  const pdf = Buffer.from(prepared);
  const at = findPlaceholder(pdf);
  fillByteRange(pdf, at);
  const hash = createHash(contentHashOf(signer.key));
  const digest = hash.update(pdf.subarray(0, at.gapStart)).update(pdf.subarray(at.gapEnd)).digest();
  fillContents(pdf, at, await writeSignedData(signer, digest));
  return new Uint8Array(pdf.buffer, pdf.byteOffset, pdf.length);
}
