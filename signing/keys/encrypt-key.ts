/** Software keys at rest: EncryptedPrivateKeyInfo (RFC 5958 §3) under PBES2 (RFC 8018 §6.2) with
 *  PBKDF2-HMAC-SHA-256 and AES-256-CBC, in PEM. OpenSSL reads and writes the same files. */
import { createCipheriv, createPrivateKey, pbkdf2Sync } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { integer, nullValue, octetString, oid, sequence } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import { toPem } from './pem.ts';
import type { SigningKey } from './signing-key.ts';
import { softwareKeyFromPkcs8 } from './software-key.ts';

export interface EncryptionRandomness {
  /** At least 16 random bytes. */
  readonly salt: Uint8Array;
  /** 16 random bytes. */
  readonly iv: Uint8Array;
  /** PBKDF2 rounds; default 210,000. */
  readonly iterations?: number;
}

/** Encrypt a PKCS#8 key under a passphrase, as PEM. */
export function encryptKey(pkcs8: Uint8Array, passphrase: string, random: EncryptionRandomness): string {
  const { salt, iv, iterations = 210_000 } = random;
  const key = pbkdf2Sync(passphrase, salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const prf = sequence(oid(OID.hmacWithSha256), nullValue());
  const derivation = sequence(oid(OID.pbkdf2), sequence(octetString(salt), integer(iterations), prf));
  const scheme = sequence(oid(OID.aes256Cbc), octetString(iv));
  const algorithm = sequence(oid(OID.pbes2), sequence(derivation, scheme));
  return toPem('ENCRYPTED PRIVATE KEY', sequence(algorithm, octetString(encrypted)));
}

/** The PKCS#8 DER inside an encrypted PEM. @throws KEY_UNUSABLE for a wrong passphrase or a broken file */
export function decryptKey(pem: string, passphrase: string): Uint8Array {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase }).export({ format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new SigningError('KEY_UNUSABLE', 'the key file cannot be opened with this passphrase', {}, { cause });
  }
}

/** The same key under another passphrase. @throws KEY_UNUSABLE when the old one does not open it */
export function changePassphrase(pem: string, from: string, to: string, random: EncryptionRandomness): string {
  return encryptKey(decryptKey(pem, from), to, random);
}

/** Open an encrypted PEM as a key ready to sign. @throws KEY_UNUSABLE, UNSUPPORTED */
export function openSoftwareKey(pem: string, passphrase: string): SigningKey {
  return softwareKeyFromPkcs8(decryptKey(pem, passphrase));
}
