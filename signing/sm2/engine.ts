import type { KeyObject } from 'node:crypto';

/** An SM2 private key, opened once and used often. */
export interface Sm2PrivateKey {
  /** Imported from PKCS#8 DER. */
  readonly imported: KeyObject;
  /** 04‖x‖y of its public key. */
  readonly point: Uint8Array;
}

/** One way to do the arithmetic of SM2. `identity` is Z_A; `signature` is DER already found in range. */
export interface Sm2Engine {
  readonly name: 'native' | 'portable';
  verify(point: Uint8Array, identity: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  sign(key: Sm2PrivateKey, identity: Uint8Array, message: Uint8Array): Uint8Array;
}
