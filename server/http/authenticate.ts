/** Who calls: a system with a bearer token, a person with a session cookie, or nobody in particular. Tokens in addresses
 *  are never read. A person's write must also carry the session's own CSRF token. */
import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { type FoundSession, findSession, getTokenHolder } from '../../models/account/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { requestIdOf } from './request-id.ts';

export const SESSION_COOKIE = 'zk_session';

/** A caller, and the CSRF token their writes must carry when they come with a session. */
export interface Identified {
  readonly caller: Caller;
  readonly csrfToken?: string;
}

/** Who it is, before anything is demanded of them. Throws `UNAUTHENTICATED` or `TOKEN_EXPIRED` for a token. */
export async function identify(house: House, request: Request): Promise<Identified> {
  const common = { address: request.ip ?? null, requestId: requestIdOf(request) };
  const bearer = /^Bearer ([\w.~+/-]{10,200}=*)$/i.exec(request.get('Authorization') ?? '')?.[1];
  if (bearer) {
    const { application, user, scopes } = await getTokenHolder(house, bearer);
    if (user) return { caller: { ...common, ...personOf(user), roles: scopes } };
    const { id, name, organisationCode } = application;
    return { caller: { ...common, type: 'system', id, name, organisationCode, roles: scopes } };
  }
  const token = readCookie(request, SESSION_COOKIE);
  const found = token ? await findSession(house, token) : undefined;
  if (!found) return { caller: anonymous(request) };
  const { user, session } = found;
  return { caller: { ...common, ...personOf(user), inSession: true }, csrfToken: session.csrfToken };
}

function personOf({ id, displayName: name, organisationCode, roles, holderId }: FoundSession['user']) {
  return { type: 'person', id, name, organisationCode, roles, holderId } as const;
}

/** Name and secret of `Authorization: Basic`, form-encoded as RFC 6749 §2.3.1 has it. */
export function readBasic(request: Request): { readonly name: string; readonly secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]{1,400}=*)$/i.exec(request.get('Authorization') ?? '')?.[1];
  const [, name, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  if (!name || secret === undefined) return undefined;
  const parts = new URLSearchParams(`name=${name}&secret=${secret}`);
  return { name: parts.get('name') ?? '', secret: parts.get('secret') ?? '' };
}

export function anonymous(request: Request): Caller {
  const common = { address: request.ip ?? null, requestId: requestIdOf(request) };
  return { ...common, type: 'public', id: 'public', name: 'public', organisationCode: null, roles: [] };
}

export function readCookie(request: Request, name: string): string | undefined {
  for (const part of (request.get('Cookie') ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value) return value;
  }
  return undefined;
}

/** The token comes in a header (scripts) or in the form itself (pages without scripts). Throws `CSRF_REJECTED`. */
export function checkCsrf(request: Request, { csrfToken }: Identified): void {
  if (csrfToken === undefined || request.method === 'GET' || request.method === 'HEAD') return;
  const form = (request.body as { _csrf?: unknown } | undefined)?._csrf;
  const given = request.get('X-CSRF-Token') ?? (typeof form === 'string' ? form : '');
  const a = Buffer.from(given);
  const b = Buffer.from(csrfToken);
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new Fault('CSRF_REJECTED');
}
