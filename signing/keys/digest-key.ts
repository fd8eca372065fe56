/** The other side of a signing service: a private key that signs digests and never sees a message. */
import { constants, createPrivateKey, privateEncrypt } from 'node:crypto';
import { SigningError } from '../error.ts';
import { openSm2Key } from '../sm2/sign-sm2.ts';
import { signSm2Digest } from '../sm2/sign-sm2-digest.ts';
import { keyAlgorithmOf } from './software-key.ts';

/** DigestInfo of a SHA-256 digest up to the digest (RFC 8017 §9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const DIGEST_BYTES = 32;

/** A digest signer over a private key, PKCS#8 DER. SM2: e in, DER SEQUENCE{r,s} out. RSA: SHA-256 in, PKCS#1 v1.5 out.
 *  @throws KEY_UNUSABLE, MALFORMED, UNSUPPORTED; signing, MALFORMED for a digest that is not of 32 bytes */
export function digestSignerOf(pkcs8: Uint8Array): (digest: Uint8Array) => Uint8Array {
  if (keyAlgorithmOf(pkcs8) === 'SM2') {
    const key = openSm2Key(pkcs8);
    return (digest) => signSm2Digest(key, expectDigest(digest));
  }
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return (digest) => {
    const info = Buffer.concat([SHA256_DIGEST_INFO, expectDigest(digest)]);
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
  };
}

function expectDigest(digest: Uint8Array): Uint8Array {
  if (digest.length === DIGEST_BYTES) return digest;
  throw new SigningError('MALFORMED', 'a digest of 32 bytes is signed, and nothing else', { bytes: digest.length });
}
