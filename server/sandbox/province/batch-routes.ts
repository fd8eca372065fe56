/** What the city sends: batches of records, answered by one signed receipt; and files by themselves, in frames of a head – 32-byte
 *  SM3 digest, length in four bytes, big-endian – and the bytes, signed over the heads one after the other. */
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { generateSoftwareKey, type SigningKey, softwareKeyFromPkcs8 } from '../../../signing/index.ts';
import type { ProvinceAppOptions } from './app.ts';
import type { Faults } from './faults.ts';
import { type Item, itemSchema, judgeBatch } from './judge-batch.ts';
import { answerSigned, isFromCity } from './signed-line.ts';

const MOST_ITEMS = 200;
const BODY_LIMIT = '64mb';
const DIGEST_BYTES = 32;
const HEAD_BYTES = DIGEST_BYTES + 4;

const batchSchema = z.object({
  batchId: z.string().min(1).max(64),
  sentAt: z.string(),
  items: z.array(itemSchema).min(1).max(MOST_ITEMS),
});

export function addBatchRoutes(app: Express, options: ProvinceAppOptions): void {
  const raw = express.raw({ type: () => true, limit: BODY_LIMIT });
  app.post('/api/batches', raw, (request, response) => takeBatch(options, request, response));
  app.post('/api/files', raw, (request, response) => takeFiles(options, request, response));
}

async function takeBatch(options: ProvinceAppOptions, request: Request, response: Response): Promise<void> {
  const { library, key, cityKey, clock, verify, faults } = options;
  const body = bodyOf(request);
  if (!isFromCity(cityKey, request, body, response)) return;
  const batch = batchSchema.safeParse(readJson(body));
  const subjects = new Set(batch.data?.items.map(({ subject }) => subject));
  if (!batch.success || subjects.size < batch.data.items.length) {
    response.status(400).json({ code: 'REQUEST_INVALID' });
    return;
  }
  const { refuse, forge } = faults();
  const now = clock();
  const { batchId, items } = batch.data;
  const judged = refuse
    ? items.map(() => ({ outcome: 'refused' as const, reason: refuse }))
    : await judgeBatch(items, { library, verify, now });
  const said = items.map(({ subject, sequence, digest }, index) => ({ subject, sequence, digest, ...judged[index] }));
  const receipt = bend({ batchId, receivedAt: now.toISOString(), items: said }, faults());
  await answerSigned(forge ? strangersKey() : key, response, receipt);
}

async function takeFiles(options: ProvinceAppOptions, request: Request, response: Response): Promise<void> {
  const { library, key, cityKey } = options;
  const frames = readFrames(bodyOf(request));
  // The heads bind all bytes, so that only what the city has signed is looked at further.
  if (frames && !isFromCity(cityKey, request, Buffer.concat(frames.map(({ head }) => head)), response)) return;
  if (!frames?.every(({ sm3, bytes }) => sm3Hex(bytes) === sm3)) {
    response.status(400).json({ code: 'REQUEST_INVALID' });
    return;
  }
  library.keepFiles(frames);
  await answerSigned(key, response, { kept: frames.map(({ sm3 }) => sm3) });
}

interface Frame {
  readonly head: Uint8Array;
  readonly sm3: string;
  readonly bytes: Uint8Array;
}

/** Undefined when it is not whole. */
function readFrames(body: Buffer): Frame[] | undefined {
  const frames: Frame[] = [];
  for (let at = 0; at < body.length; ) {
    const start = at + HEAD_BYTES;
    if (start > body.length) return undefined;
    const end = start + body.readUInt32BE(at + DIGEST_BYTES);
    if (end > body.length) return undefined;
    const sm3 = body.toString('hex', at, at + DIGEST_BYTES);
    frames.push({ head: body.subarray(at, start), sm3, bytes: body.subarray(start, end) });
    at = end;
  }
  return frames;
}

type Said = Pick<Item, 'subject' | 'sequence' | 'digest'> & Readonly<Record<string, unknown>>;

/** The receipt as the faults want it. */
function bend(receipt: { batchId: string; receivedAt: string; items: Said[] }, { lie, reverse }: Faults): object {
  const items = reverse ? receipt.items.toReversed() : receipt.items;
  const each = (change: (item: Said) => object) => ({
    ...receipt,
    items: items.map((item) => ({ ...item, ...change(item) })),
  });
  if (lie === 'sequence') return each(({ sequence }) => ({ sequence: sequence + 1 }));
  if (lie === 'digest') return each(() => ({ digest: '0'.repeat(64) }));
  if (lie === 'ahead') return each(({ sequence }) => ({ outcome: 'stale', heldSequence: sequence + 1000 }));
  if (lie === 'stranger') return each(({ subject }) => ({ subject: `${subject}X` }));
  if (lie === 'twice')
    return { ...receipt, items: [...items, ...items.map((item) => ({ ...item, outcome: 'refused' }))] };
  return { ...receipt, items, ...(lie === 'batch' ? { batchId: 'another' } : {}) };
}

function strangersKey(): SigningKey {
  return softwareKeyFromPkcs8(generateSoftwareKey('SM2'));
}

function bodyOf(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function readJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}
