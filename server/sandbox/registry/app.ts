/** The reference registries over HTTP: POST /population/compare and /legal-person/compare, for whoever has the token. Faults are a
 *  status and no more; nothing of what is asked is logged. */
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { type RegisterName, readRegister } from './register.ts';

const BODY_LIMIT = '16kb';

const questionSchema = z.strictObject({
  requestId: z.string().min(8).max(64),
  type: z.enum(['natural', 'legal']),
  numberType: z.string().regex(/^\d{3}$/),
  number: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
});
type Question = z.infer<typeof questionSchema>;

/** Ways to fail, so that a repository can be tried against them. */
export const FAULT_NAMES = ['none', 'down', 'slow', 'garbage', 'other-request', 'redirect', 'large'] as const;
const faultSchema = z.strictObject({ fault: z.enum(FAULT_NAMES) });
export type FaultName = (typeof FAULT_NAMES)[number];

export interface RegistryAppOptions {
  readonly registerFile: string;
  readonly token: string;
  readonly fault: FaultName;
  /** `POST /faults` sets how it fails. */
  readonly allowFaults: boolean;
}

export function makeRegistryApp(options: RegistryAppOptions): Express {
  const app = express();
  let fault = options.fault;
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(express.json({ limit: BODY_LIMIT }));
  if (options.allowFaults) {
    app.post('/faults', (request, response) => {
      const wanted = faultSchema.safeParse(request.body);
      if (wanted.success) fault = wanted.data.fault;
      response.status(wanted.success ? 200 : 400).json({ fault });
    });
  }
  app.use((request, response, next) => {
    if (fault !== 'none') fail(fault, request, response);
    else if (!knows(request, options.token)) response.status(401).json({ code: 'UNAUTHENTICATED' });
    else next();
  });
  for (const [name, type] of [
    ['population', 'natural'],
    ['legal-person', 'legal'],
  ] as const) {
    app.post(`/${name}/compare`, (request, response) => {
      const asked = questionSchema.safeParse(request.body);
      if (!asked.success || asked.data.type !== type) response.status(400).json({ code: 'REQUEST_INVALID' });
      else response.json(compare(options.registerFile, name, asked.data));
    });
  }
  app.use((_request, response) => {
    response.status(404).json({ code: 'NOT_FOUND' });
  });
  app.use(sayStatus);
  return app;
}

/** The file is read anew each time: it may have been extended. */
function compare(file: string, name: RegisterName, { requestId, numberType, number, name: called }: Question) {
  const wanted = number.toUpperCase();
  const held = readRegister(file)[name].find((record) => record.number.toUpperCase() === wanted);
  if (!held) return { requestId, outcome: 'unknown' };
  const fields = [...(held.name === called ? [] : ['name']), ...(held.numberType === numberType ? [] : ['numberType'])];
  return fields.length === 0 ? { requestId, outcome: 'match' } : { requestId, outcome: 'mismatch', fields };
}

function fail(fault: Exclude<FaultName, 'none'>, request: Request, response: Response): void {
  const body: unknown = request.body;
  const requestId = questionSchema.safeParse(body).data?.requestId ?? '';
  switch (fault) {
    case 'down':
      response.status(503).json({ code: 'UNAVAILABLE' });
      return;
    case 'slow':
      // never: the one who asks has to give up
      return;
    case 'garbage':
      response.type('application/json').send('\u0000{"outcome": "match"');
      return;
    case 'other-request':
      response.json({ requestId: `${requestId.slice(1)}0`, outcome: 'match' });
      return;
    case 'redirect':
      response.redirect(307, '/elsewhere');
      return;
    case 'large':
      response.json({ requestId, outcome: 'match', more: 'x'.repeat(100_000) });
  }
}

function knows(request: Request, token: string): boolean {
  const [, given = ''] = /^Bearer (.+)$/.exec(request.header('authorization') ?? '') ?? [];
  const [one, other] = [given, token].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

/** Express knows an error handler by its four parameters. */
const sayStatus: ErrorRequestHandler = (error: { readonly status?: unknown }, _request, response, next) => {
  if (response.headersSent) next(error);
  else response.status(typeof error.status === 'number' ? error.status : 500).json({ code: 'REFUSED' });
};
