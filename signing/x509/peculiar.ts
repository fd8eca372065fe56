/** The one door to @peculiar/x509, which builds certificates and revocation lists here. A private key stays behind
 *  its SigningKey: the library is handed a handle in the shape of a CryptoKey, and a Crypto whose only act is to call
 *  it. SM2 goes by its object identifier; the library writes an algorithm named so without parameters, as GM/T 0015
 *  wants it. */
import 'reflect-metadata';
import { OID } from '../der/oids.ts';
import type { KeyAlgorithm, SigningKey } from '../keys/signing-key.ts';

export {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonNameParams,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';

const ALGORITHMS: Readonly<Record<KeyAlgorithm, { readonly name: string; readonly hash?: string }>> = {
  SM2: { name: OID.sm2WithSm3 },
  RSA: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
};

/** A SigningKey in the shape of a private CryptoKey. */
export interface KeyHandle {
  readonly type: 'private';
  readonly extractable: false;
  readonly usages: readonly ['sign'];
  readonly algorithm: { readonly name: string; readonly hash?: string };
  readonly signingKey: SigningKey;
}

export function toKeyHandle(signingKey: SigningKey): KeyHandle {
  const algorithm = ALGORITHMS[signingKey.algorithm];
  return { type: 'private', extractable: false, usages: ['sign'], algorithm, signingKey };
}

/** What the library calls to sign: the key knows its own algorithm. */
export const handleCrypto = {
  subtle: {
    sign: (_algorithm: unknown, { signingKey }: KeyHandle, message: ArrayBuffer): Promise<Uint8Array> =>
      signingKey.sign(new Uint8Array(message)),
  },
};

/** Bytes or a positive number as the hexadecimal text that the library takes for identifiers and serial numbers. */
export function toHex(value: Uint8Array | bigint): string {
  if (typeof value !== 'bigint') return Buffer.from(value).toString('hex');
  const digits = value.toString(16);
  return digits.padStart(digits.length + (digits.length % 2), '0');
}
