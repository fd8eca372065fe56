/** The outer signature of a package (签名, Type Sign): GB/T 35275 SignedData over everything that is there, earlier seals and
 *  signatures included. Others may sign after it. Proof for later is kept beside the signature: certificates, revocation
 *  lists, a time-stamp over its value. */
import { writePackage } from '../zip/write-package.ts';
import { openOfd } from './open-ofd.ts';
import type { OfdPackage } from './package.ts';
import { type GmSignRequest, openGmSigner } from './sign-gm-content.ts';
import { signPackage } from './sign-package.ts';
import type { Provider } from './write-signature-xml.ts';

export interface OfdSignRequest extends GmSignRequest {
  readonly provider: Provider;
}

/** Sign a package, sealed or not; it can be signed again, or written.
 *  @throws KEY_UNUSABLE, CERTIFICATE_UNFIT, TIME_STAMP_UNFIT; MALFORMED for certificates and lists that are none */
export async function addSignature(ofd: OfdPackage, request: OfdSignRequest): Promise<OfdPackage> {
  const makeValue = openGmSigner(request);
  return signPackage(ofd, { provider: request.provider, at: request.at, makeValue });
}

/** Sign a package, or a finished file of anyone's; gives the finished file. @throws as `addSignature` and `openOfd` */
export async function signOfd(ofd: OfdPackage | Uint8Array, request: OfdSignRequest): Promise<Uint8Array> {
  const opened = ofd instanceof Uint8Array ? openOfd(ofd, request.at) : ofd;
  return writePackage((await addSignature(opened, request)).files);
}
