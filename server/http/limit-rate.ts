/** How often one address may call. Sign-in has a narrower limit of its own. */
import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Fault } from '../../models/kernel/fault.ts';

export type RateLimit = (request: Request) => Promise<void>;

const MINUTE_SECONDS = 60;

/** Throws `RATE_LIMITED`. */
export function makeRateLimit(perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: MINUTE_SECONDS });
  return async (request) => {
    try {
      await limiter.consume(request.ip ?? 'unknown');
    } catch (error) {
      throw error instanceof RateLimiterRes ? new Fault('RATE_LIMITED') : error;
    }
  };
}
