/** SM2 over e itself, for services that are sent digests (GB/T 32918.2 §6.1, steps A3 to A7). */
import { randomBytes } from 'node:crypto';
import { SigningError } from '../error.ts';
import { fromField } from './curve.ts';
import type { Sm2PrivateKey } from './engine.ts';
import { secretOf, signWithNonce } from './portable-sm2.ts';
import { toSm2SignatureDer } from './signature-value.ts';

const DIGEST_BYTES = 32;

/** Sign e = SM3(Z_A‖M), which the caller has computed; DER SEQUENCE{r,s}. @throws MALFORMED unless e has 32 bytes */
export function signSm2Digest(key: Sm2PrivateKey, e: Uint8Array): Uint8Array {
  if (e.length !== DIGEST_BYTES) throw new SigningError('MALFORMED', 'e has 32 bytes', { bytes: e.length });
  const d = secretOf(key.imported);
  for (;;) {
    const value = signWithNonce(d, fromField(e), fromField(randomBytes(32)));
    if (value !== undefined) return toSm2SignatureDer(value);
  }
}
