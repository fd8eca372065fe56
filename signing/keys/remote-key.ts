/** Keys at a signing service: it is sent a digest and gives a signature. SM2: the digest is e = SM3(Z_A‖M) of
 *  GB/T 32918.2 §6.1 with the default ID, the signature DER SEQUENCE{r,s}. RSA: the digest is SHA-256, the service puts it
 *  into DigestInfo (RFC 8017 §9.2) and signs by PKCS#1 v1.5. */
import { createHash } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { toSm2Point } from '../sm2/curve.ts';
import { identityDigest } from '../sm2/identity.ts';
import { sm3 } from '../sm2/sm3.ts';
import { verifySigned } from '../x509/verify-signed.ts';
import type { KeyAlgorithm, SigningKey } from './signing-key.ts';

/** The port to a signing service: 32 bytes of digest in, a signature out. Rejects when there is none to be had. */
export type SignDigest = (keyId: string, algorithm: KeyAlgorithm, digest: Uint8Array) => Promise<Uint8Array>;

export interface RemoteKeyReference {
  /** What the service calls the key. */
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

const SIGNATURE_ALGORITHMS: Readonly<Record<KeyAlgorithm, string>> = {
  SM2: OID.sm2WithSm3,
  RSA: OID.sha256WithRsa,
};

/** A key at a service behind the contract of all keys. Every signature that comes back is verified before it is given
 *  on: a service that errs or is not the one we know cannot get a wrong signature into a file.
 *  @throws KEY_UNUSABLE at once for a public key that does not fit; when signing, for a signature that does not verify */
export function remoteKey(reference: RemoteKeyReference, signDigest: SignDigest): SigningKey {
  const { keyId, algorithm, publicKey } = reference;
  const digestOf = digesterFor(algorithm, publicKey);
  return {
    algorithm,
    publicKey,
    async sign(message) {
      const signature = await signDigest(keyId, algorithm, digestOf(message));
      if (verifySigned(SIGNATURE_ALGORITHMS[algorithm], publicKey, message, signature)) return signature;
      throw new SigningError('KEY_UNUSABLE', 'the signing service gave a signature that does not verify', { keyId });
    },
  };
}

function digesterFor(algorithm: KeyAlgorithm, publicKey: Uint8Array): (message: Uint8Array) => Uint8Array {
  if (algorithm === 'RSA') return (message) => createHash('sha256').update(message).digest();
  const identity = identityDigest(toSm2Point(publicKey));
  return (message) => sm3(identity, message);
}
