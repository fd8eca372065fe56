/** What every request goes through first: who is it, and may they call again so soon. A token that is not good leaves its
 *  sender nobody in particular; `refusal` is then what they are answered wherever somebody is demanded. */
import type { Request, RequestHandler } from 'express';
import type { House } from '../../models/house.ts';
import { anonymous, type Identified, identify } from './authenticate.ts';
import type { RateLimit } from './limit-rate.ts';

export interface Visitor extends Identified {
  readonly refusal?: unknown;
}

/** Throws `RATE_LIMITED`. */
export async function knock(house: House, limit: RateLimit, request: Request): Promise<Visitor> {
  const visitor: Visitor = await identify(house, request).catch((refusal: unknown) => ({
    caller: anonymous(request),
    refusal,
  }));
  await limit(request, visitor.caller);
  return visitor;
}

/** For pages: go on unless the limit is reached. */
export function limitPages(house: House, limit: RateLimit): RequestHandler {
  return async (request, _response, next) => {
    await knock(house, limit, request);
    next();
  };
}
