/** How often one caller may call: counted by account or system once it is known, and by address before. Signing in has a
 *  narrower limit of its own, by address. */
import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';

export type RateLimit = (request: Request, caller?: Pick<Caller, 'type' | 'id'>) => Promise<void>;

const MINUTE_SECONDS = 60;
const SIGN_IN_PER_MINUTE = 60;
const SIGN_IN_PATHS: ReadonlySet<string> = new Set(['/oauth/token', '/api/v1/session']);

/** Trying a password or a secret, as opposed to asking who is signed in or signing out. The page has its own handler. */
export function isSignIn(method: string, path: string): boolean {
  return method.toLowerCase() === 'post' && SIGN_IN_PATHS.has(path);
}

/** Throws `RATE_LIMITED`. */
export function makeRateLimit(perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: MINUTE_SECONDS });
  return async (request, caller) => {
    const known = caller && caller.type !== 'public';
    try {
      await limiter.consume(known ? `${caller.type}:${caller.id}` : `address:${request.ip ?? 'unknown'}`);
    } catch (error) {
      throw error instanceof RateLimiterRes ? new Fault('RATE_LIMITED') : error;
    }
  };
}

const VERIFY_PER_MINUTE = 60;

/** The page on which anybody has files verified: each costs more than a look-up. */
export function makeVerifyLimit(perMinute: number): RateLimit {
  return makeRateLimit(Math.min(VERIFY_PER_MINUTE, perMinute));
}

/** One limit for all ways to sign in, so that trying them in turn helps nobody. */
export function makeSignInLimit(perMinute: number): RateLimit {
  const limit = makeRateLimit(Math.min(SIGN_IN_PER_MINUTE, perMinute));
  return (request) => limit(request);
}
