/** Sign a manifest, and judge its signature: GB/T 35275 SignedData over the 32 bytes of its SM3, as the repository signs
 *  sealed packages. Chain and revocation lists go along, so that it can be judged offline. */
import { SigningError } from '../error.ts';
import { readGmSignedData } from '../ofd/read-gm-signed-data.ts';
import { type GmSignRequest, openGmSigner } from '../ofd/sign-gm-content.ts';
import { type SignJudgement, verifyGmSignature } from '../ofd/verify-gm-signature.ts';
import { sm3 } from '../sm2/sm3.ts';
import { checkTimeStamp, type TimeStampJudgement } from '../tsp/check-time-stamp.ts';
import { check } from '../verify/check-words.ts';
import { storeWith, type TrustStore } from '../x509/trust-store.ts';
import { MANIFEST_SIGNATURE } from './volume-paths.ts';

/** ContentInfo, DER. @throws as `openGmSigner` */
export function signManifest(manifest: Uint8Array, request: GmSignRequest): Promise<Uint8Array> {
  return openGmSigner(request)(sm3(manifest));
}

export interface JudgedManifest extends SignJudgement {
  /** What the caller gave and what the signature brings along: the sealed files are judged by it too. */
  readonly store: TrustStore;
}

/** @param claimedAt when the volume says it was made; the manifest covers it
 *  @throws MALFORMED for a signature that cannot be read */
export function judgeManifest(
  manifest: Uint8Array,
  signature: Uint8Array,
  claimedAt: string | undefined,
  given: TrustStore,
): JudgedManifest {
  const signed = readGmSignedData(signature);
  const store = storeWith(given, signed);
  const where = MANIFEST_SIGNATURE;
  const timeStamp = signed.timeStamp && stampOf(signed.timeStamp, signed.signature, store);
  const use = { dataHash: sm3(manifest), dateTime: claimedAt, where, strict: true, timeStamp, coveredAt: undefined };
  const judged = verifyGmSignature(signed, { ...use, store });
  // a manifest has no seal
  return { ...judged, checks: judged.checks.filter(({ name }) => name !== 'seal'), store };
}

function stampOf(token: Uint8Array, over: Uint8Array, store: TrustStore): TimeStampJudgement {
  try {
    return checkTimeStamp(token, over, store, MANIFEST_SIGNATURE);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return { check: check('time', 'failed', 'TIMESTAMP_INVALID', MANIFEST_SIGNATURE), at: undefined };
  }
}
