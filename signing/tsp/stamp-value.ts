/** Ask for a time-stamp over a signature value (RFC 3161 appendix A), and take only one that can be held to every byte. */
import { createHash } from 'node:crypto';
import { isExactToken } from './is-exact-token.ts';
import { openTimeStamp, unfit } from './open-time-stamp.ts';
import type { TimeStamper } from './time-stamper.ts';

/** TimeStampToken, DER. @throws TIME_STAMP_UNFIT, MALFORMED for a token that proves nothing of these bytes */
export async function stampValue(timeStamper: TimeStamper, value: Uint8Array): Promise<Uint8Array> {
  const digest = createHash(timeStamper.hash).update(value).digest();
  const token = await timeStamper.stamp(digest);
  const { info } = openTimeStamp(token);
  if (info.imprint.hash !== timeStamper.hash || Buffer.compare(info.imprint.digest, digest) !== 0)
    throw unfit('IMPRINT');
  if (!isExactToken(token)) throw unfit('CERTIFICATE_NOT_BOUND');
  return token;
}
