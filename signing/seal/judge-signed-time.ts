/** A time-stamp that stands in the place of the time of signing in a stamp of version 1 (GM/T 0031-2014): it is signed along,
 *  so it is over what the stamp protects, given whole or as its SM3. It tells when signing began, as a claim. */
import { createHash } from 'node:crypto';
import { SigningError } from '../error.ts';
import { checkTimeStamp } from '../tsp/check-time-stamp.ts';
import { openTimeStamp } from '../tsp/open-time-stamp.ts';
import { check } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import type { TrustStore } from '../x509/trust-store.ts';

export function judgeSignedTime(token: Uint8Array, dataHash: Uint8Array, store: TrustStore, where: string): Check {
  try {
    const { imprint } = openTimeStamp(token).info;
    const isOverData = imprint.hash === 'sm3' && Buffer.compare(imprint.digest, dataHash) === 0;
    const digestOf = (hash: string) => (isOverData ? dataHash : createHash(hash).update(dataHash).digest());
    return checkTimeStamp(token, digestOf, store, where).check;
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return check('time', 'failed', 'TIMESTAMP_INVALID', where);
  }
}
