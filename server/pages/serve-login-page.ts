/** Sign-in and sign-out for people, as plain forms. The session cookie is SameSite=Strict; sign-out carries its CSRF token. */
import express, { type Express, type RequestHandler } from 'express';
import { logIn, loginSchema } from '../../models/account/index.ts';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { FAULTS } from '../../models/kernel/fault-codes.ts';
import { hasControlCharacter } from '../../models/kernel/plain-text.ts';
import { anonymous } from '../http/authenticate.ts';
import { logFault } from '../http/log-fault.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { renderPage } from './render.ts';

const FORM_BYTES = '16kb';

export function serveLoginPage(
  app: Express,
  house: House,
  limited: RequestHandler,
  limitedSignIn: RequestHandler,
): void {
  const form = express.urlencoded({ extended: false, limit: FORM_BYTES });
  app.get('/login', limited, (request, response) => {
    response.type('text/html').send(renderPage('login', { next: safeNext(request.query.next), error: undefined }));
  });
  app.post('/login', limitedSignIn, form, async (request, response) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const next = safeNext(body.next);
    const caller = anonymous(request);
    try {
      const input = loginSchema.safeParse({ name: body.name, password: body.password });
      // No account has such a name, and a database cannot be asked for it.
      if (!input.success || hasControlCharacter(input.data.name)) throw new Fault('LOGIN_FAILED');
      setSessionCookie(response, house, await logIn(house, caller, input.data));
      response.redirect(303, next);
    } catch (error) {
      await logFault(house, caller, request, error);
      if (!(error instanceof Fault) || error.kind === 'unavailable') throw error;
      response.status(error.code === 'LOGIN_LOCKED' ? 429 : 401).type('text/html');
      response.send(renderPage('login', { next, error: FAULTS[error.code].zh }));
    }
  });
}

/** Only a path of this house, with a draft at most: no address elsewhere, no scheme-relative trick. */
export function safeNext(given: unknown): string {
  return typeof given === 'string' && /^\/(?![/\\])[\w\-./]*(?:\?draft=\w{1,40})?$/.test(given) ? given : '/';
}
