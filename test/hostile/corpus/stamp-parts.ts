/** A stamp taken apart into its members, to be put together otherwise. */
import { bitString, generalizedTime, ia5String, integer, octetString, oid } from '../../../signing/der/write-der.ts';
import { parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import { SM2_WITH_SM3 } from './certificates.ts';

/** The members of a stamp, DER each. */
export interface Parts {
  readonly version: Uint8Array;
  readonly seal: Uint8Array;
  readonly time: Uint8Array;
  readonly hash: Uint8Array;
  readonly info: Uint8Array;
  readonly certificate: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly value: Uint8Array;
}

export function partsOf(stamp: Uint8Array): Parts & { readonly der: Uint8Array } {
  const read = parseSesSignature(stamp);
  return {
    version: integer(read.version),
    seal: read.seal.raw,
    time: generalizedTime(read.signedAt),
    hash: bitString(read.dataHash),
    info: ia5String(read.propertyInfo),
    certificate: octetString(read.certificate),
    algorithm: oid(SM2_WITH_SM3),
    value: bitString(read.signature),
    der: read.signature,
  };
}
