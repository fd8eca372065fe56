/** Software keys: generated, opened and used in this process. A certified device stands behind the same contract. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signNative,
} from 'node:crypto';
import { promisify } from 'node:util';
import { OID } from '../der/oids.ts';
import { DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toOid, toSmallInteger } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { toSm2Spki } from '../sm2/curve.ts';
import { openSm2Key, signWithSm2Key } from '../sm2/sign-sm2.ts';
import type { KeyAlgorithm, SigningKey } from './signing-key.ts';

const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(signNative);

/** A new private key as PKCS#8 DER: SM2, or RSA of 2048 bits. */
export function generateSoftwareKey(algorithm: KeyAlgorithm): Uint8Array {
  const pair =
    algorithm === 'SM2'
      ? generateKeyPairSync('ec', { namedCurve: 'SM2' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return pair.privateKey.export({ format: 'der', type: 'pkcs8' });
}

/** What kind of key a PKCS#8 PrivateKeyInfo (RFC 5208 §5) holds. @throws MALFORMED, UNSUPPORTED */
export function keyAlgorithmOf(pkcs8: Uint8Array): KeyAlgorithm {
  const info = new DerFields(parseDer(pkcs8));
  toSmallInteger(info.take(TAG.INTEGER));
  const algorithm = new DerFields(info.take(TAG.SEQUENCE));
  const kind = toOid(algorithm.take(TAG.OID));
  if (kind === OID.rsaEncryption) return 'RSA';
  const curve = algorithm.optional(TAG.OID);
  if (kind === OID.ecPublicKey && curve !== undefined && toOid(curve) === OID.sm2Curve) return 'SM2';
  throw new SigningError('UNSUPPORTED', 'neither an SM2 nor an RSA key', { algorithm: kind });
}

/** A key ready to sign, from PKCS#8 DER. @throws KEY_UNUSABLE, MALFORMED, UNSUPPORTED */
export function softwareKeyFromPkcs8(pkcs8: Uint8Array): SigningKey {
  if (keyAlgorithmOf(pkcs8) === 'SM2') {
    const key = openSm2Key(pkcs8);
    return {
      algorithm: 'SM2',
      publicKey: toSm2Spki(key.point),
      sign: async (message) => signWithSm2Key(key, message),
    };
  }
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    return {
      algorithm: 'RSA',
      publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }),
      sign: (message) => signAsync('sha256', message, key),
    };
  } catch (cause) {
    throw new SigningError('KEY_UNUSABLE', 'the RSA key cannot be opened', {}, { cause });
  }
}
