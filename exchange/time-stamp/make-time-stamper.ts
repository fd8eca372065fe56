/** A time-stamp authority behind a URL (RFC 3161 §3.4): the port through which signing gets its time-stamps. */
import type { Clock } from '../../models/kernel/clock.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { RandomBytes } from '../../models/kernel/ids.ts';
import {
  type ImprintHash,
  readTimeStampResponse,
  SigningError,
  type TimeStamper,
  writeTimeStampRequest,
} from '../../signing/index.ts';
import { type Fetch, postQuery } from './post-query.ts';

export interface TimeStamperOptions {
  readonly url: string;
  /** What the authority is asked over: SM3 for SM2 signatures, SHA-256 for RSA ones. */
  readonly hash: ImprintHash;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly fetch: Fetch;
  /** Dotted; left out: the authority's own. */
  readonly policy?: string;
  /** For the whole exchange, in milliseconds; left out: 10 seconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const NONCE_BYTES = 8;
/** How far the authority's clock may be from ours: a stamp far off would make a signature look forged for ever. */
const APART_MS = 5 * 60_000;

/** Each stamp is one request. Its token has been judged against the request before it is handed on: imprint, nonce,
 *  policy, signature, purpose, time; whether the authority is trusted is for whoever verifies.
 *  Rejects with TIME_STAMP_UNAVAILABLE (try again later) or TIME_STAMP_REFUSED (its `detail` says why). */
export function makeTimeStamper(options: TimeStamperOptions): TimeStamper {
  const { url, hash, clock, random, policy, timeoutMs = TIMEOUT_MS } = options;
  return {
    hash,
    async stamp(digest) {
      const nonce = BigInt(`0x${Buffer.from(random(NONCE_BYTES)).toString('hex')}`);
      const asked = { hash, digest, nonce, ...(policy === undefined ? {} : { policy }) };
      const answer = await postQuery(options.fetch, url, writeTimeStampRequest(asked), timeoutMs);
      const { token, at } = read(answer, asked);
      if (Math.abs(at.getTime() - clock().getTime()) > APART_MS)
        throw new Fault('TIME_STAMP_REFUSED', { detail: 'CLOCK' });
      return token;
    },
  };
}

const PASSING: readonly unknown[] = ['timeNotAvailable', 'systemFailure'];

function read(answer: Uint8Array, asked: Parameters<typeof readTimeStampResponse>[1]): { token: Uint8Array; at: Date } {
  try {
    const { token, info } = readTimeStampResponse(answer, asked);
    return { token, at: info.at };
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    const { reason = cause.code, failure = '' } = cause.details;
    const code = PASSING.includes(failure) ? 'TIME_STAMP_UNAVAILABLE' : 'TIME_STAMP_REFUSED';
    throw new Fault(code, { detail: `${reason} ${failure}`.trim(), cause });
  }
}
