/** Signed attributes that we write (RFC 5652 §11, RFC 5035, RFC 6211), and how a key of each kind says what it does. */
import { OID } from '../der/oids.ts';
import { contextTag } from '../der/read-der.ts';
import { nullValue, octetString, oid, sequence, setOf } from '../der/write-der.ts';
import type { KeyAlgorithm } from '../keys/signing-key.ts';
import { CMS_OID } from './cms-oids.ts';

export interface SignerAlgorithms {
  /** node:crypto's name. */
  readonly hash: 'sha256' | 'sm3';
  /** AlgorithmIdentifiers, DER. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

/** SHA-256 and SM3 stand without parameters, RSA with NULL (RFC 5754, GM/T 0006). */
export const SIGNER_ALGORITHMS: Readonly<Record<KeyAlgorithm, SignerAlgorithms>> = {
  RSA: {
    hash: 'sha256',
    digest: sequence(oid(CMS_OID.sha256)),
    signature: sequence(oid(OID.rsaEncryption), nullValue()),
  },
  SM2: { hash: 'sm3', digest: sequence(oid(OID.sm3)), signature: sequence(oid(OID.sm2WithSm3)) },
};

/** One attribute with one value, DER. */
export function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf(value));
}

/** RFC 6211: without it, one name of an algorithm could be put for another that means the same. */
export function algorithmProtection({ digest, signature }: SignerAlgorithms): Uint8Array {
  const signatureTag = Uint8Array.from(signature);
  signatureTag[0] = contextTag(1);
  return sequence(digest, signatureTag);
}

/** RFC 5035 §3: the signer's certificate first, then its chain.
 * @param digests of the certificates, by `algorithm` (AlgorithmIdentifier); SHA-256 is the default and stays unwritten */
export function signingCertificateV2(digests: readonly Uint8Array[], algorithm?: Uint8Array): Uint8Array {
  const ids = digests.map((digest) => sequence(...(algorithm ? [algorithm] : []), octetString(digest)));
  return sequence(sequence(...ids));
}
