/** SM2 by Node's OpenSSL, in the one call form that is standard SM2: a key imported from DER,
 *  createSign('sm3') or createVerify('sm3'), Z_A fed first, then the message. Every other form that looks
 *  right gives plain ECDSA, an empty identity, or no Z at all. */
import { createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto';
import { BoundedCache } from '../bounded-cache.ts';
import { toSm2Spki } from './curve.ts';
import type { Sm2Engine } from './engine.ts';

const publicKeys = new BoundedCache<KeyObject>(512);

function importPublic(point: Uint8Array): KeyObject {
  return publicKeys.get(Buffer.from(point).toString('latin1'), () =>
    createPublicKey({ key: Buffer.from(toSm2Spki(point)), format: 'der', type: 'spki' }),
  );
}

/** A private key imported so that OpenSSL treats it as SM2. */
export function importPrivate(pkcs8: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

export const NATIVE_SM2: Sm2Engine = {
  name: 'native',
  verify(point, identity, message, signature) {
    return createVerify('sm3').update(identity).update(message).verify(importPublic(point), signature);
  },
  sign(key, identity, message) {
    return createSign('sm3').update(identity).update(message).sign(key.imported);
  },
};
