/** The library's HTTP: batches and digests for the city, everything readable for people who explore. */
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../../../models/kernel/clock.ts';
import type { SigningKey } from '../../../signing/index.ts';
import { itemSchema, judgeItem } from './judge-item.ts';
import type { Library } from './library.ts';
import { showStart } from './show-start.ts';
import { asksFromCity, isFromCity, SIGNATURE_HEADER } from './signed-line.ts';
import { addTreeRoutes } from './tree-routes.ts';

export interface ProvinceAppOptions {
  readonly library: Library;
  readonly key: SigningKey;
  /** SPKI or point of the city's repository key. */
  readonly cityKey: Uint8Array;
  readonly trust: readonly Uint8Array[];
  readonly clock: Clock;
}

const MOST_ITEMS = 50;
const BODY_LIMIT = '64mb';

const batchSchema = z.object({
  batchId: z.string().min(1).max(64),
  sentAt: z.string(),
  items: z.array(itemSchema).min(1).max(MOST_ITEMS),
});
const pageSchema = z.object({
  after: z.string().max(200).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  nonce: z.string().max(64).default(''),
});

export function makeProvinceApp(options: ProvinceAppOptions): Express {
  const { library } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.get('/', (_request, response) => {
    response.type('html').send(showStart(library));
  });
  app.get('/licences/:identifier', (request, response) =>
    showSubject(library, `licence:${request.params.identifier}`, response),
  );
  app.get('/catalogue/:code', (request, response) =>
    showSubject(library, `catalogue:${request.params.code}`, response),
  );
  app.get('/licences/:identifier/:name', (request, response) => {
    const files = library.files(`licence:${request.params.identifier}`);
    const file = files.find(({ name }) => name === request.params.name);
    if (!file) response.status(404).json({ code: 'NOT_FOUND' });
    else
      response.type(file.name.endsWith('.pdf') ? 'application/pdf' : 'application/ofd').send(Buffer.from(file.bytes));
  });
  app.post('/api/batches', express.raw({ type: () => true, limit: BODY_LIMIT }), (request, response) =>
    takeBatch(options, request, response),
  );
  app.get('/api/digests', (request, response) => listDigests(options, request, response));
  addTreeRoutes(app, options);
  return app;
}

function showSubject(library: Library, subject: string, response: Response): void {
  const held = library.find(subject);
  if (!held) {
    response.status(404).json({ code: 'NOT_FOUND' });
    return;
  }
  const files = library.files(subject).map(({ name, sm3, bytes }) => ({ name, sm3, sizeBytes: bytes.length }));
  const { sequence, digest, receivedAt } = held;
  response.json({ subject, sequence, digest, receivedAt, record: JSON.parse(held.record) as unknown, files });
}

async function takeBatch(options: ProvinceAppOptions, request: Request, response: Response): Promise<void> {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (!isFromCity(options.cityKey, request, raw, response)) return;
  const batch = batchSchema.safeParse(readJson(raw));
  if (!batch.success) {
    response.status(400).json({ code: 'REQUEST_INVALID' });
    return;
  }
  const { library, trust, key, clock } = options;
  const receipts = [];
  for (const item of batch.data.items) {
    const now = clock();
    const { subject, sequence, digest } = item;
    const judged = judgeItem(item, { library, trust, now });
    const text = JSON.stringify({
      batchId: batch.data.batchId,
      subject,
      sequence,
      digest,
      ...judged,
      receivedAt: now.toISOString(),
    });
    receipts.push({ text, signature: Buffer.from(await key.sign(Buffer.from(text))).toString('base64') });
  }
  response.json({ receipts });
}

async function listDigests(options: ProvinceAppOptions, request: Request, response: Response): Promise<void> {
  if (!asksFromCity(options.cityKey, request, response)) return;
  const query = pageSchema.safeParse(request.query);
  if (!query.success) {
    response.status(400).json({ code: 'REQUEST_INVALID' });
    return;
  }
  const { after, limit, nonce } = query.data;
  const items = options.library
    .page(after, limit)
    .map(({ subject, sequence, digest }) => ({ subject, sequence, digest }));
  const next = items.length === limit ? (items.at(-1)?.subject ?? null) : null;
  const text = JSON.stringify({ nonce, after, items, next });
  const signature = Buffer.from(await options.key.sign(Buffer.from(text))).toString('base64');
  response.setHeader(SIGNATURE_HEADER, signature);
  response.type('application/json').send(text);
}

function readJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}
