/** Online sealing (在线签章): what waits for the seal of the signed-in person's body, one licence with its face as it would be sealed, and
 *  the confirmation of exactly these contents. Plain forms; each confirmation seals once. */
import express, { type Express, type Request, type RequestHandler } from 'express';
import { findSession, requireRole } from '../../models/account/index.ts';
import { type FieldDefinition, getEntryVersion } from '../../models/catalogue/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { describeFault, Fault, throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { listOwnLicences, MOVES, readLicence, sealActSchema, sealLicence } from '../../models/licence/index.ts';
import { checkCsrf, identify, readCookie, SESSION_COOKIE } from '../http/authenticate.ts';
import { logFault } from '../http/log-fault.ts';
import { statusOf } from '../http/problem.ts';
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
    const body = await renderSeal(house, keeper, id, {});
    response.setHeader('Cache-Control', 'no-store');
    return response.type('text/html').send(body);
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
      const keeper = { caller, csrfToken: given._csrf ?? '' };
      const body = await renderSeal(house, keeper, id, { fault: error, reason: given.reason ?? '' });
      response.status(statusOf(error)).setHeader('Cache-Control', 'no-store');
      response.type('text/html').send(body);
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
  if (reason.trim() === '') throwFaults([{ pointer: '/reason', code: 'FIELD_REQUIRED' }]);
  const read = sealActSchema.required().safeParse({ contentDigest, reason }, { reportInput: true });
  if (!read.success) throw new Fault('REQUEST_INVALID', { errors: toPointedFaults(read.error.issues) });
  return read.data;
}

async function renderSeal(
  house: House,
  { caller, csrfToken: csrf }: Keeper,
  id: string,
  { fault, reason = '' }: { readonly fault?: Fault; readonly reason?: string },
): Promise<string> {
  const licence = await readLicence(house, caller, id);
  const { definition } = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const faults = fault ? (fault.errors.length > 0 ? fault.errors : [fault]).map((one) => describeFault(one).zh) : [];
  const wrongReason = fault?.errors.find(({ pointer }) => pointer === '/reason');
  return renderPage('seal', {
    ...{ licence, csrf, reason, faults },
    reasonFault: wrongReason ? describeFault(wrongReason).zh : '',
    fields: definition.fields.flatMap((field) => showField(field, licence.fields[field.key])),
    former: licence.succeeds ? `${MOVES[licence.succeeds.act].zh}，原证照标识 ${licence.succeeds.identifier}` : '',
    pages: definition.face.pages.map(({ name }) => name),
  });
}

/** All that is sealed, also what no page of the face draws. */
function showField({ name, type, codes = [] }: FieldDefinition, value: string | undefined) {
  if (value === undefined) return [];
  const words = codes.find(({ code }) => code === value)?.name;
  const shown = type === 'image' ? `图片，摘要 ${value.replace(/^sm3:/, '')}` : words ? `${words}（${value}）` : value;
  return [{ name, value: shown }];
}
