/** One log line a request: method, route, status, duration; no addresses of persons, no bodies, no query. */
import type { RequestHandler } from 'express';
import type { House } from '../../models/house.ts';
import { requestIdOf } from './request-id.ts';

export function logRequests(house: House): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    response.on('finish', () => {
      const durationMs = Number(process.hrtime.bigint() - started) / 1e6;
      const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
      house.log.info(
        { requestId: requestIdOf(request), method: request.method, route, status: response.statusCode, durationMs },
        'request',
      );
    });
    next();
  };
}
