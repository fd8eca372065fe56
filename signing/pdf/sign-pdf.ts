/** Sign a prepared PDF: CMS detached signature after PAdES baseline B-B, with a time-stamper B-T (ETSI EN 319 142-1),
 *  RSA with SHA-256 or SM2 with SM3, as the key is. */
import { contentHashOf, type DetachedSigner, writeSignedData } from '../cms/write-signed-data.ts';
import { fillSignature } from './fill-signature.ts';

const FORMS = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'];

/** @param prepared what `prepareSignature` and a save without object streams made, or `appendSignature`
 * @throws MALFORMED without a placeholder, TOO_LARGE when it is too small, KEY_UNUSABLE or CERTIFICATE_UNFIT as `writeSignedData` */
export function signPdf(prepared: Uint8Array, signer: DetachedSigner): Promise<Uint8Array> {
  return fillSignature(prepared, {
    forms: FORMS,
    hash: contentHashOf(signer.key),
    make: (digest) => writeSignedData(signer, digest),
  });
}
