/** Signatures over content in parts, which may be far too long to be put together (RFC 5652 §5.4 without attributes,
 *  RFC 8017 §8, GB/T 32918.2). */
import { constants, createHash, createPublicKey, createVerify } from 'node:crypto';
import { SigningError } from '../error.ts';
import { verifySm2 } from '../sm2/verify-sm2.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import type { HashName, SignatureScheme } from './known-algorithms.ts';
import type { SignedData } from './read-signed-data.ts';

export interface ValueRules {
  readonly scheme: SignatureScheme;
  readonly hash: HashName;
  readonly certificate: ParsedCertificate;
}

/** SM2 takes its message in one piece. */
const MOST_IN_ONE_PIECE = 32 * 1024 * 1024;

/** Whether the signature value is over the content itself.
 * @throws TOO_LARGE for an SM2 signature over much content */
export function isContentSigned(
  signed: SignedData,
  rules: ValueRules,
  {
    contentParts,
    digestContent,
  }: { contentParts?: readonly Uint8Array[]; digestContent: (hash: HashName) => Uint8Array },
): boolean {
  const { scheme, hash, certificate } = rules;
  if (contentParts === undefined || (scheme.hash !== undefined && scheme.hash !== hash)) return false;
  if (scheme.kind !== 'sm2') return verifyParts(rules, contentParts, signed.signature);
  if (hash !== 'sm3') return false;
  // GB/T 35275 as practised: SM2 over the digest, which it hashes again; or over the content
  if (verifySm2(certificate.publicKey, digestContent(hash), signed.signature)) return true;
  const length = contentParts.reduce((sum, part) => sum + part.length, 0);
  if (length > MOST_IN_ONE_PIECE) throw new SigningError('TOO_LARGE', 'too much content for SM2 without attributes');
  return verifySm2(certificate.publicKey, Buffer.concat(contentParts), signed.signature);
}

const KINDS = { rsa: 'rsa', 'rsa-pss': 'rsa', ecdsa: 'ec' } as const;

/** RSA and ECDSA over bytes in parts; false for keys that do not fit, and weak digests. */
export function verifyParts(
  { scheme, hash, certificate }: ValueRules,
  parts: readonly Uint8Array[],
  signature: Uint8Array,
): boolean {
  if (scheme.kind === 'sm2' || hash === 'md5' || hash === 'sha1' || hash === 'sm3') return false;
  try {
    const key = createPublicKey({ key: Buffer.from(certificate.publicKey), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== KINDS[scheme.kind]) return false;
    const verifier = createVerify(hash);
    for (const part of parts) verifier.update(part);
    if (scheme.kind !== 'rsa-pss') return verifier.verify(key, signature);
    return verifier.verify({ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }, signature);
  } catch {
    // A key that OpenSSL cannot open, or a salt that does not fit, verifies nothing.
    return false;
  }
}

/** Digest of content in parts. */
export function digestParts(parts: readonly Uint8Array[], hash: HashName): Uint8Array {
  const digest = createHash(hash);
  for (const part of parts) digest.update(part);
  return digest.digest();
}
