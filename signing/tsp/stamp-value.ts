/** Ask for a time-stamp over a signature value (RFC 3161 appendix A), and take only one that can be held to every byte. */
import { createHash } from 'node:crypto';
import { isExactToken } from './is-exact-token.ts';
import { openTimeStamp, unfit } from './open-time-stamp.ts';
import type { ImprintHash, TimeStamper } from './time-stamper.ts';

/** TimeStampToken, DER. @throws TIME_STAMP_UNFIT, MALFORMED for a token that proves nothing of these bytes */
export async function stampValue(timeStamper: TimeStamper, value: Uint8Array): Promise<Uint8Array> {
  const digest = createHash(timeStamper.hash).update(value).digest();
  const token = await timeStamper.stamp(digest);
  checkValueStamp(token, value, timeStamper.hash);
  return token;
}

/** @param hash when only this one was asked for
 *  @throws as `stampValue` */
export function checkValueStamp(token: Uint8Array, value: Uint8Array, hash?: ImprintHash): void {
  const { imprint } = openTimeStamp(token).info;
  if (imprint.hash === undefined || (hash !== undefined && imprint.hash !== hash)) throw unfit('IMPRINT');
  const digest = createHash(imprint.hash).update(value).digest();
  if (Buffer.compare(imprint.digest, digest) !== 0) throw unfit('IMPRINT');
  if (!isExactToken(token)) throw unfit('CERTIFICATE_NOT_BOUND');
}
