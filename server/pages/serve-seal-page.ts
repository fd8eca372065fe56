/** Online sealing (在线签章): what waits for the seal of the signed-in person's body, one licence with its face as it would be sealed, and
 *  the confirmation of exactly these contents. Plain forms; each confirmation seals once. */
import express, { type Express, type Request, type RequestHandler } from 'express';
import { findSession, requireRole } from '../../models/account/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { describeFault, Fault } from '../../models/kernel/fault.ts';
import {
  type LicenceView,
  listOwnLicences,
  readLicence,
  sealActSchema,
  sealLicence,
} from '../../models/licence/index.ts';
import { checkCsrf, identify, readCookie, SESSION_COOKIE } from '../http/authenticate.ts';
import { logFault } from '../http/log-fault.ts';
import { renderPage } from './render.ts';

const FORM_BYTES = '16kb';
const SHOWN = 50;

export function serveSealPage(app: Express, house: House, limited: RequestHandler): void {
  const form = express.urlencoded({ extended: false, limit: FORM_BYTES });
  app.get('/seal', limited, async (request, response) => {
    const keeper = await findKeeper(house, request);
    if (!keeper) return response.redirect(303, '/login?next=/seal');
    const after = typeof request.query.after === 'string' ? request.query.after.slice(0, 64) : undefined;
    const page = await listOwnLicences(house, keeper.caller, { state: 'reviewed', limit: SHOWN, after });
    response.setHeader('Cache-Control', 'no-store');
    return response.type('text/html').send(renderPage('seal-list', { ...page }));
  });
  app.get('/seal/:id', limited, async (request, response) => {
    const id = String(request.params.id);
    const keeper = await findKeeper(house, request);
    if (!keeper) return response.redirect(303, `/login?next=/seal/${encodeURIComponent(id)}`);
    const licence = await readLicence(house, keeper.caller, id);
    response.setHeader('Cache-Control', 'no-store');
    return response.type('text/html').send(renderSeal(licence, keeper.csrfToken, {}));
  });
  app.post('/seal/:id', limited, form, async (request, response) => {
    const visitor = await identify(house, request);
    const { caller } = visitor;
    const id = String(request.params.id);
    const given = (request.body ?? {}) as Record<string, string>;
    try {
      checkCsrf(request, visitor);
      requireRole(caller, 'issuer.seal-keeper');
      await sealLicence(house, caller, id, readAct(given));
      response.redirect(303, `/seal/${encodeURIComponent(id)}`);
    } catch (error) {
      await logFault(house, caller, request, error);
      if (!(error instanceof Fault) || !caller.inSession || error.kind === 'not-found') throw error;
      if (error.code === 'FORBIDDEN' || error.code === 'CSRF_REJECTED') throw error;
      const licence = await readLicence(house, caller, id);
      response.status(error.kind === 'invalid' ? 400 : 409).type('text/html');
      response.send(renderSeal(licence, given._csrf ?? '', { fault: error, reason: given.reason ?? '' }));
    }
  });
}

interface Keeper {
  readonly caller: Caller;
  readonly csrfToken: string;
}

/** Undefined: nobody is signed in. Throws `FORBIDDEN` for whoever keeps no seal. */
async function findKeeper(house: House, request: Request): Promise<Keeper | undefined> {
  const session = await findSession(house, readCookie(request, SESSION_COOKIE) ?? '');
  if (!session) return undefined;
  const { caller } = await identify(house, request);
  requireRole(caller, 'issuer.seal-keeper');
  return { caller, csrfToken: session.session.csrfToken };
}

/** On this page the act is always stated whole. Throws `REQUEST_INVALID`. */
function readAct({ contentDigest, reason = '' }: Readonly<Record<string, string>>) {
  const errors = reason.trim() === '' ? [{ pointer: '/reason', code: 'FIELD_REQUIRED' as const }] : [];
  const read = sealActSchema.required().safeParse({ contentDigest, reason });
  if (!read.success) throw new Fault('REQUEST_INVALID', { errors });
  return read.data;
}

function renderSeal(
  licence: LicenceView,
  csrf: string,
  { fault, reason = '' }: { readonly fault?: Fault; readonly reason?: string },
): string {
  const faults = fault ? (fault.errors.length > 0 ? fault.errors : [fault]).map((one) => describeFault(one).zh) : [];
  return renderPage('seal', {
    licence,
    csrf,
    reason,
    faults,
    isReasonMissing: fault?.errors[0]?.pointer === '/reason',
  });
}
