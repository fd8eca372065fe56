import { createPublicKey, type KeyObject } from 'node:crypto';
import { SigningError } from '../error.ts';
import { toSm2Point } from './curve.ts';
import type { Sm2PrivateKey } from './engine.ts';
import { DEFAULT_ID, identityDigest } from './identity.ts';
import { importPrivate } from './native-sm2.ts';
import { testedSm2Engine } from './self-test-sm2.ts';

/** Open an SM2 private key for many signatures. @throws KEY_UNUSABLE for anything but SM2 PKCS#8. */
export function openSm2Key(privateKey: Uint8Array | KeyObject): Sm2PrivateKey {
  try {
    // a key fresh from generateKeyPair would sign ECDSA: only a key read from DER signs SM2
    const pkcs8 = privateKey instanceof Uint8Array ? privateKey : privateKey.export({ format: 'der', type: 'pkcs8' });
    const imported = importPrivate(pkcs8);
    const spki = createPublicKey(imported).export({ format: 'der', type: 'spki' });
    return { imported, point: Uint8Array.from(toSm2Point(spki)) };
  } catch (cause) {
    throw new SigningError('KEY_UNUSABLE', 'not an SM2 private key', {}, { cause });
  }
}

/** Sign with an opened key; DER SEQUENCE{r,s}. */
export function signWithSm2Key(key: Sm2PrivateKey, message: Uint8Array, id: string = DEFAULT_ID): Uint8Array {
  return testedSm2Engine().sign(key, identityDigest(key.point, id), message);
}

const opened = new WeakMap<KeyObject, Sm2PrivateKey>();

/** SM2 signature (SM3, Z_A of `id`) over `message`, DER SEQUENCE{r,s}.
 *  @param privateKey PKCS#8 DER, or a key object; a key object is opened once and remembered
 *  @throws KEY_UNUSABLE for anything but an SM2 private key */
export function signSm2(privateKey: Uint8Array | KeyObject, message: Uint8Array, id: string = DEFAULT_ID): Uint8Array {
  if (privateKey instanceof Uint8Array) return signWithSm2Key(openSm2Key(privateKey), message, id);
  const key = opened.get(privateKey) ?? openSm2Key(privateKey);
  opened.set(privateKey, key);
  return signWithSm2Key(key, message, id);
}
