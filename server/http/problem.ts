/** Every fault ends as one problem document (RFC 9457). The only room that turns a fault into a status. */
import type { ErrorRequestHandler, Request } from 'express';
import { describeFault, Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { FAULTS, type FaultKind } from '../../models/kernel/fault-codes.ts';
import type { Log } from '../../models/kernel/log.ts';
import { requestIdOf } from './request-id.ts';

const STATUS: Readonly<Record<FaultKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  limited: 429,
  unavailable: 503,
  internal: 500,
};

export const statusOf = ({ kind }: Fault): number => STATUS[kind];

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly detail?: string;
  readonly requestId: string;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly message: string;
    readonly zh: string;
    readonly en: string;
  }[];
}

export function toProblem(fault: Fault, requestId: string): Problem {
  const { zh, en } = FAULTS[fault.code];
  return {
    type: `urn:zhengku:problem:${fault.code}`,
    title: en,
    status: statusOf(fault),
    code: fault.code,
    zh,
    en,
    ...(fault.detail ? { detail: fault.detail } : {}),
    requestId,
    ...(fault.errors.length > 0 ? { errors: fault.errors.map(toPointedProblem) } : {}),
  };
}

function toPointedProblem(fault: PointedFault) {
  const { zh, en } = describeFault(fault);
  return { pointer: fault.pointer, code: fault.code, message: `${zh} (${en})`, zh, en };
}

/** What Express and its body parser throw, in our words; undefined for an error nobody foresaw. */
function recognise(error: unknown): Fault | undefined {
  if (error instanceof Fault) return error;
  const type = (error as { type?: string } | null)?.type;
  if (type === 'entity.too.large') return new Fault('REQUEST_TOO_LARGE');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return new Fault('MEDIA_TYPE_UNSUPPORTED');
  if (type === 'request.size.invalid' || type === 'request.aborted') return new Fault('REQUEST_MALFORMED');
  if (isUnpackingError(error)) return new Fault('REQUEST_INVALID', { detail: 'Content-Encoding' });
  if (error instanceof URIError) return new Fault('ROUTE_NOT_FOUND');
  return undefined;
}

/** The body is not packed as Content-Encoding says: the reader blames the request (400) with the code of zlib or brotli. */
function isUnpackingError(error: unknown): boolean {
  const { status, code } = (error ?? {}) as { status?: unknown; code?: unknown };
  return status === 400 && typeof code === 'string' && /^(Z_|ERR_)/.test(code);
}

/** The fault an error is answered with; `INTERNAL` for one nobody foresaw. */
export function toFault(error: unknown): Fault {
  return recognise(error) ?? new Fault('INTERNAL');
}

/** The last handler: an unknown error is logged whole and answered without its text. */
export function problemHandler(log: Log, writePage: (problem: Problem) => string): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const requestId = requestIdOf(request);
    const fault = toFault(error);
    if (statusOf(fault) >= 500) log.error({ requestId, code: fault.code, error }, 'request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    if (fault.kind === 'limited') response.setHeader('Retry-After', '60');
    if (fault.code === 'VERIFIER_BUSY') response.setHeader('Retry-After', '5');
    if (fault.kind === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer realm="zhengku"');
    const problem = toProblem(fault, requestId);
    response.status(problem.status).setHeader('Cache-Control', 'no-store');
    if (wantsPage(request)) response.type('text/html').send(writePage(problem));
    else response.type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** A person's browser at a page; calls of the API always get the document. */
function wantsPage(request: Request): boolean {
  return !/^\/(api|oauth)\//.test(request.path) && request.accepts(['json', 'html']) === 'html';
}
