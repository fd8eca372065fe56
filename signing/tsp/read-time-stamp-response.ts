/** The asker's side: take the token out of an answer, only when it answers this request (RFC 3161 §2.2, §2.4.2). */
import { openTimeStamp, unfit } from './open-time-stamp.ts';
import type { TimeStampInfo } from './time-stamp-info.ts';
import { parseTimeStampResponse } from './time-stamp-response.ts';
import type { ImprintHash } from './time-stamper.ts';

export interface ExpectedTimeStamp {
  readonly hash: ImprintHash;
  readonly digest: Uint8Array;
  /** As asked; undefined: none was. */
  readonly nonce: bigint | undefined;
  /** As asked; undefined: any. */
  readonly policy?: string;
}

export interface GrantedTimeStamp {
  /** TimeStampToken, DER as it came. */
  readonly token: Uint8Array;
  readonly info: TimeStampInfo;
}

/** The token, when it is sound and answers what was asked. Whether its authority is trusted is not judged.
 * @throws MALFORMED for what is no answer; TIME_STAMP_UNFIT with `reason`, for REJECTED also `status` and `failure` */
export function readTimeStampResponse(response: Uint8Array, expected: ExpectedTimeStamp): GrantedTimeStamp {
  const { status, failures, token } = parseTimeStampResponse(response);
  if (token === undefined) throw unfit('REJECTED', { status, failure: failures.join(' ') });
  const { info } = openTimeStamp(token);
  const { hash, digest } = info.imprint;
  if (hash !== expected.hash || Buffer.compare(digest, expected.digest) !== 0) throw unfit('IMPRINT');
  if (info.nonce !== expected.nonce) throw unfit('NONCE');
  if (expected.policy !== undefined && info.policy !== expected.policy) throw unfit('POLICY');
  return { token, info };
}
