import { BoundedCache } from '../bounded-cache.ts';
import { SigningError } from '../error.ts';
import { toSm2Point } from './curve.ts';
import { DEFAULT_ID, identityDigest } from './identity.ts';
import { testedSm2Engine } from './self-test-sm2.ts';
import { parseSm2Signature } from './signature-value.ts';

interface KnownKey {
  readonly point: Uint8Array;
  readonly identity: Uint8Array;
}

const knownKeys = new BoundedCache<KnownKey>(512);

function knowKey(publicKey: Uint8Array, id: string): KnownKey {
  return knownKeys.get(`${Buffer.from(publicKey).toString('latin1')}|${id}`, () => {
    const point = Uint8Array.from(toSm2Point(publicKey));
    return { point, identity: identityDigest(point, id) };
  });
}

/** Whether `signatureDer` is an SM2 signature (SM3, Z_A of `id`) over `message`.
 *  False, never a throw, for any bad signature or key: strict DER, r and s in 1..n-1, point on the curve.
 *  @param publicKey SubjectPublicKeyInfo DER, or the 65-byte point
 *  @throws SELF_TEST_FAILED only, when this machine cannot do SM2 at all */
export function verifySm2(
  publicKey: Uint8Array,
  message: Uint8Array,
  signatureDer: Uint8Array,
  id: string = DEFAULT_ID,
): boolean {
  const engine = testedSm2Engine();
  try {
    parseSm2Signature(signatureDer);
    const { point, identity } = knowKey(publicKey, id);
    return engine.verify(point, identity, message, signatureDer);
  } catch (error) {
    if (error instanceof SigningError) return false;
    throw error;
  }
}
