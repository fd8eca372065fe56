/** Signatures of certificates, lists and messages, by their algorithm identifier. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { BoundedCache } from '../bounded-cache.ts';
import { OID } from '../der/oids.ts';
import { verifySm2 } from '../sm2/verify-sm2.ts';

const NATIVE: Readonly<Record<string, { hash: string; type: 'rsa' | 'ec' }>> = {
  [OID.sha256WithRsa]: { hash: 'sha256', type: 'rsa' },
  [OID.sha384WithRsa]: { hash: 'sha384', type: 'rsa' },
  [OID.sha512WithRsa]: { hash: 'sha512', type: 'rsa' },
  [OID.ecdsaWithSha256]: { hash: 'sha256', type: 'ec' },
  [OID.ecdsaWithSha384]: { hash: 'sha384', type: 'ec' },
  [OID.ecdsaWithSha512]: { hash: 'sha512', type: 'ec' },
};

const keys = new BoundedCache<KeyObject>(512);

/** Whether `signature` is right for `message` under the key (SubjectPublicKeyInfo DER). False, never a throw,
 *  for bad signatures, keys that do not fit, and algorithms that are unknown or too weak (MD5, SHA-1). */
export function verifySigned(
  algorithm: string,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (algorithm === OID.sm2WithSm3) return verifySm2(publicKey, message, signature);
  const native = NATIVE[algorithm];
  if (native === undefined) return false;
  try {
    const key = keys.get(Buffer.from(publicKey).toString('latin1'), () =>
      createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
    );
    return key.asymmetricKeyType === native.type && verify(native.hash, message, key, signature);
  } catch {
    return false;
  }
}

const judged = new BoundedCache<boolean>(2048);

/** As `verifySigned`, remembering the answer: for what returns in every file, such as certificates and seals. */
export function verifySignedOnce(
  algorithm: string,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hash = createHash('sha256').update(algorithm);
  for (const part of [publicKey, message, signature]) hash.update(`|${part.length}|`).update(part);
  return judged.get(hash.digest('base64'), () => verifySigned(algorithm, publicKey, message, signature));
}
