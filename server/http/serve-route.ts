/** Mount a route: limit, authenticate, read, validate, run once, answer. */
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Caller, House } from '../../models/house.ts';
import { discardFile, receiveFile } from '../../models/import/index.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { Fault, throwFaults } from '../../models/kernel/fault.ts';
import { findControlCharacters } from '../../models/kernel/plain-text.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { answerOnce, hasAnswer } from '../../models/store/index.ts';
import { checkCsrf, readBasic } from './authenticate.ts';
import { knock } from './knock.ts';
import type { RateLimit } from './limit-rate.ts';
import { logFault } from './log-fault.ts';
import type { OverOf } from './over-of.ts';
import { FileAnswer, type Route, type RouteInput, WrittenAnswer } from './route.ts';
import { runSession } from './session-cookie.ts';

/** JSON is UTF-8 (RFC 8259 §8.1). */
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(;|$))/i;
const DEFAULT_BODY_BYTES = 1024 * 1024;

export interface Served {
  readonly limit: RateLimit;
  readonly overOf: OverOf;
}

export function serveRoute(app: Express, house: House, { limit, overOf }: Served, route: Route): void {
  const handler: RequestHandler = async (request, response) => {
    const visitor = await knock(house, limit, request);
    const { caller } = visitor;
    try {
      if (visitor.refusal) throw visitor.refusal;
      checkCsrf(request, visitor);
      if (route.access === 'caller' && caller.type === 'public') throw new Fault('UNAUTHENTICATED');
      await answer(house, route, caller, request, response, overOf(response));
    } catch (error) {
      if (route.access === 'caller' || route.method !== 'get') await logFault(house, caller, request, error);
      throw error;
    }
  };
  app[route.method](route.path, handler);
}

async function answer(
  house: House,
  route: Route,
  caller: Caller,
  request: Request,
  response: Response,
  over: AbortSignal,
): Promise<void> {
  const params = readParams(request);
  if (!route.upload) await readBody(route, request, response);
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (route.fileBytes && raw.length === 0) throw new Fault('FILE_REQUIRED');
  const input = {
    house,
    caller,
    body: route.fileBytes || route.upload ? undefined : parseBody(route, request, raw),
    query: parseQuery(route, request),
    params,
    file: new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength),
    received: NOTHING_RECEIVED,
    basic: readBasic(request),
    remember: () => Promise.resolve(),
    log: house.log,
    over,
  };
  response.setHeader('Cache-Control', 'no-store');
  if (route.upload) await answerUpload(route, route.upload, request, response, input);
  else if (route.idempotent) await answerIdempotently(route, request, response, input, raw);
  else send(response, route, await runSession(route, request, response, input, () => route.run(input)));
}

const NOTHING_RECEIVED = { id: '', name: '', digest: '', sizeBytes: 0 };

/** The file is laid down first, so that its digest is known; nothing is left of it when the act does not take it. */
async function answerUpload(
  route: Route,
  upload: NonNullable<Route['upload']>,
  request: Request,
  response: Response,
  input: RouteInput<unknown, unknown>,
): Promise<void> {
  try {
    await admitUpload(upload, request, input);
    if (Number(request.headers['content-length'] ?? 0) > upload.mostBytes) throw new Fault('REQUEST_TOO_LARGE');
    const bounds = { name: upload.nameOf(input.query), mostBytes: upload.mostBytes };
    const received = await receiveFile(input.house, request, bounds);
    try {
      const file = Buffer.from(`${new URL(request.originalUrl, 'http://here').search}\n${received.digest}`);
      await answerIdempotently(route, request, response, { ...input, received }, file);
    } finally {
      await discardFile(input.house, received.id);
    }
  } catch (error) {
    // What was not read of the body is not waited for.
    if (!request.readableEnded) response.setHeader('Connection', 'close');
    throw error;
  }
}

/** What was taken is answered as it was, though the act would take nothing any more; who may not call at all is never heard. */
async function admitUpload(
  upload: NonNullable<Route['upload']>,
  request: Request,
  input: RouteInput<unknown, unknown>,
): Promise<void> {
  try {
    await upload.admit(input);
  } catch (fault) {
    const key = request.get('Idempotency-Key') ?? '';
    const refused = fault instanceof Fault && fault.code === 'FORBIDDEN';
    if (refused || !(await hasAnswer(input.house, { callerId: callerIdOf(input.caller), key }))) throw fault;
  }
}

/** No thing has a name with invisible characters in it, and a database cannot even be asked for one with NUL. */
function readParams(request: Request): Readonly<Record<string, string>> {
  const params = request.params as Readonly<Record<string, string>>;
  if (findControlCharacters(params).length > 0) throw new Fault('NOT_FOUND');
  return params;
}

/** The body is read only after the caller is known, and never beyond the route's limit. */
function readBody(route: Route, request: Request, response: Response): Promise<void> {
  const limit = route.fileBytes ?? route.bodyBytes ?? DEFAULT_BODY_BYTES;
  // the reader below would take in all that comes before it refuses: what says that it is too long is not taken in at all
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    response.setHeader('Connection', 'close');
    return Promise.reject(new Fault('REQUEST_TOO_LARGE'));
  }
  const parse = express.raw({ type: () => true, limit });
  return new Promise((resolve, reject) =>
    parse(request, response, (error?: unknown) => (error ? reject(error) : resolve())),
  );
}

function parseBody(route: Route, request: Request, raw: Buffer): unknown {
  if (!route.body) return undefined;
  if (route.formBody && request.is('urlencoded')) return Object.fromEntries(new URLSearchParams(raw.toString('utf8')));
  if (raw.length > 0 && (!request.is('json') || OTHER_CHARSET.test(request.get('Content-Type') ?? '')))
    throw new Fault('MEDIA_TYPE_UNSUPPORTED', { detail: 'application/json' });
  const value = raw.length > 0 ? parseJson(raw) : {};
  if (route.bodyJudgedByAct) return value;
  const result = route.body.safeParse(value, { reportInput: true });
  throwFaults([...(result.success ? [] : toPointedFaults(result.error.issues)), ...findControlCharacters(value)]);
  return result.data;
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch (cause) {
    throw new Fault('REQUEST_MALFORMED', { cause });
  }
}

function parseQuery(route: Route, request: Request): unknown {
  if (!route.query) return undefined;
  const result = route.query.safeParse(request.query, { reportInput: true });
  const faults = result.success ? [] : toPointedFaults(result.error.issues);
  throwFaults([...faults, ...findControlCharacters(request.query)]);
  return result.data;
}

const callerIdOf = ({ type, id }: Caller): string => `${type}:${id}`;

async function answerIdempotently(
  route: Route,
  request: Request,
  response: Response,
  input: RouteInput<unknown, unknown>,
  raw: Buffer,
): Promise<void> {
  const key = request.get('Idempotency-Key');
  if (!key) {
    send(response, route, await route.run(input));
    return;
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new Fault('REQUEST_INVALID', { detail: 'Idempotency-Key' });
  const status = route.status ?? 200;
  const requestDigest = sm3Hex(`${request.method} ${request.path}\n`, raw);
  const callerId = callerIdOf(input.caller);
  let done: unknown;
  const { answer, replayed } = await answerOnce(input.house, { callerId, key, requestDigest }, async (keep) => {
    done = await route.run({ ...input, remember: (tx, result) => keep(tx, { status, body: JSON.stringify(result) }) });
    return { status, body: JSON.stringify(done) };
  });
  const file = route.again && replayed ? await route.again(input, JSON.parse(answer.body)) : done;
  if (replayed) response.setHeader('Idempotent-Replayed', 'true');
  if (route.again) send(response, route, file);
  else response.status(answer.status).type('application/json').send(answer.body);
}

function send(response: Response, route: Route, result: unknown): void {
  response.status(route.status ?? 200);
  if (result instanceof WrittenAnswer) {
    response.setHeader('Content-Type', result.mediaType);
    response.setHeader('Content-Disposition', `attachment; filename="${result.fileName}"`);
    // The head has left: all that can be said of an error is that the end does not come.
    result.write(response).catch((error: unknown) => response.destroy(error as Error));
    return;
  }
  if (!(result instanceof FileAnswer)) {
    sendJson(response, route, result);
    return;
  }
  for (const [name, value] of Object.entries(result.headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', result.mediaType);
  if (result.fileName) response.setHeader('Content-Disposition', `attachment; filename="${result.fileName}"`);
  response.send(Buffer.from(result.bytes.buffer, result.bytes.byteOffset, result.bytes.byteLength));
}

function sendJson(response: Response, route: Route, result: unknown): void {
  const headers = route.headersOf?.(result) ?? {};
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const known = response.req.get('If-None-Match');
  if (headers.ETag !== undefined && known?.split(/, */).includes(headers.ETag)) response.status(304).end();
  else response.type('application/json').send(JSON.stringify(result ?? {}));
}
