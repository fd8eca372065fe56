/** Every request has an id: the caller's own if it is plain, else a new one. It is answered, logged and kept in the log. */
import type { Request, RequestHandler } from 'express';
import type { NewId } from '../../models/kernel/ids.ts';

const ids = new WeakMap<Request, string>();

export function assignRequestId(newId: NewId): RequestHandler {
  return (request, response, next) => {
    const given = request.get('X-Request-Id');
    const id = given && /^[\w-]{8,64}$/.test(given) ? given : newId();
    ids.set(request, id);
    response.setHeader('X-Request-Id', id);
    next();
  };
}

export function requestIdOf(request: Request): string {
  return ids.get(request) ?? 'none';
}
