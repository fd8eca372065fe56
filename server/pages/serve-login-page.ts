/** Sign-in and sign-out for people, as plain forms. The session cookie is SameSite=Strict; sign-out carries its CSRF token. */
import express, { type Express, type RequestHandler } from 'express';
import { logIn, loginSchema } from '../../models/account/index.ts';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { FAULTS } from '../../models/kernel/fault-codes.ts';
import { anonymous } from '../http/authenticate.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { renderPage } from './render.ts';

const FORM_BYTES = '16kb';

export function serveLoginPage(app: Express, house: House, limited: RequestHandler): void {
  const form = express.urlencoded({ extended: false, limit: FORM_BYTES });
  app.get('/login', limited, (request, response) => {
    response.type('text/html').send(renderPage('login', { next: safeNext(request.query.next), error: undefined }));
  });
  app.post('/login', limited, form, async (request, response) => {
    const body = request.body as Record<string, unknown>;
    const next = safeNext(body.next);
    const input = loginSchema.safeParse({ name: body.name, password: body.password });
    try {
      if (!input.success) throw new Fault('LOGIN_FAILED');
      setSessionCookie(response, house, await logIn(house, anonymous(request), input.data));
      response.redirect(303, next);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      response.status(error.code === 'LOGIN_LOCKED' ? 429 : 401).type('text/html');
      response.send(renderPage('login', { next, error: FAULTS[error.code].zh }));
    }
  });
}

/** Only a path of this house: no address elsewhere, no scheme-relative trick. */
export function safeNext(given: unknown): string {
  return typeof given === 'string' && /^\/(?![/\\])[\w\-./]*$/.test(given) ? given : '/';
}
