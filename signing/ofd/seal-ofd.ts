/** Seal an OFD package (GB/T 33190 §18, GB/T 38540) so that others may sign after us. */
import type { CertifiedKey } from '../seal/make-seal.ts';
import { type PressSeal, pressByService } from '../seal/press-by-service.ts';
import { stamp } from '../seal/stamp.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { writePackage } from '../zip/write-package.ts';
import { openOfd } from './open-ofd.ts';
import type { OfdPackage } from './package.ts';
import { signPackage } from './sign-package.ts';
import type { Provider, StampPlace } from './write-signature-xml.ts';

export interface OfdSealRequest {
  /** SESeal, DER. */
  readonly seal: Uint8Array;
  /** The key that presses it, or the service that holds the seal. */
  readonly signer: CertifiedKey | PressSeal;
  /** Where the seal is pressed; at least one place. */
  readonly stamps: readonly StampPlace[];
  readonly provider: Provider;
  readonly at: Date;
  /** Asked for a time-stamp (by SM3) that goes into the stamp, where a service has put none into it. */
  readonly timeStamper?: TimeStamper;
}

/** Press a seal on a package, once more if it carries some already; it can be pressed again, signed, or written.
 *  @throws SEAL_UNFIT, CERTIFICATE_UNFIT, KEY_UNUSABLE, TIME_STAMP_UNFIT; MALFORMED for a stamp on a page that is not there */
export function pressSeal(ofd: OfdPackage, request: OfdSealRequest): Promise<OfdPackage> {
  const { seal, signer, stamps, provider, at } = request;
  const proof = request.timeStamper ? { timeStamper: request.timeStamper } : {};
  return signPackage(ofd, {
    provider,
    at,
    seal: { eseal: seal, stamps },
    makeValue: (dataHash, propertyInfo) =>
      typeof signer === 'function'
        ? pressByService(signer, { seal, dataHash, propertyInfo, at, ...proof })
        : stamp({ seal, at, dataHash, propertyInfo, signer, ...proof }),
  });
}

/** Seal a package, or a finished file of anyone's; gives the finished file.
 *  @throws as `pressSeal` and `openOfd` */
export async function sealOfd(ofd: OfdPackage | Uint8Array, request: OfdSealRequest): Promise<Uint8Array> {
  const opened = ofd instanceof Uint8Array ? openOfd(ofd, request.at) : ofd;
  return writePackage((await pressSeal(opened, request)).files);
}
