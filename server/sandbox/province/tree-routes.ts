/** Nodes and leaves of the library's tree, and withdrawals: what the city says it never gave, or gives no more. */
import express, { type Express } from 'express';
import { z } from 'zod';
import type { Clock } from '../../../models/kernel/clock.ts';
import type { SigningKey } from '../../../signing/index.ts';
import type { Library } from './library.ts';
import { answerSigned, asksFromCity, isFromCity, SIGNATURE_HEADER } from './signed-line.ts';
import { describeNode } from './tree.ts';

export interface TreeRouteOptions {
  readonly library: Library;
  readonly key: SigningKey;
  readonly cityKey: Uint8Array;
  readonly clock: Clock;
}

const MOST_KEYS = 256;
const MOST_WITHDRAWN = 1000;
const BODY_LIMIT = '1mb';

const keysSchema = z
  .string()
  .max(16_000)
  .transform((text) => (text === '' ? [] : text.split(',')))
  .pipe(z.array(z.string().regex(/^[0-9A-Z]{0,18}\/[0-9a-f]{0,12}$/)).max(MOST_KEYS));
const questionSchema = z.object({ nodes: keysSchema, nonce: z.string().min(1).max(64) });
const withdrawalSchema = z.object({
  withdrawalId: z.string().min(1).max(64),
  items: z
    .array(z.object({ subject: z.string().max(400), sequence: z.int(), digest: z.string().max(64) }))
    .min(1)
    .max(MOST_WITHDRAWN),
});

export function addTreeRoutes(app: Express, { library, key, cityKey, clock }: TreeRouteOptions): void {
  const ask = (path: string, answer: (keys: readonly string[]) => object) =>
    app.get(path, async (request, response) => {
      if (!asksFromCity(cityKey, request, response)) return;
      const question = questionSchema.safeParse(request.query);
      if (!question.success) response.status(400).json({ code: 'REQUEST_INVALID' });
      else {
        const { nodes, nonce } = question.data;
        await answerSigned(key, response, { nonce, nodes, ...answer(nodes) });
      }
    });
  // No key: all departments.
  ask('/api/tree', (keys) => ({
    found: (keys.length === 0 ? library.tree.roots() : library.tree.nodes(keys)).map(describeNode),
  }));
  ask('/api/leaves', (keys) => ({ records: library.tree.records(keys) }));
  app.post('/api/withdrawals', express.raw({ type: () => true, limit: BODY_LIMIT }), async (request, response) => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (!isFromCity(cityKey, request, raw, response)) return;
    const asked = withdrawalSchema.safeParse(JSON.parse(raw.toString('utf8')));
    if (!asked.success) {
      response.status(400).json({ code: 'REQUEST_INVALID' });
      return;
    }
    const { withdrawalId, items } = asked.data;
    const receivedAt = clock().toISOString();
    const proof = { text: raw.toString('utf8'), signature: request.get(SIGNATURE_HEADER) ?? '', receivedAt };
    const outcomes = items.map(({ subject, sequence, digest }) => {
      const held = library.find(subject);
      if (!held) return { subject, outcome: 'absent' };
      if (held.sequence !== sequence || held.digest !== digest) return { subject, outcome: 'differs' };
      library.remove(subject);
      return { subject, outcome: 'withdrawn' };
    });
    library.keepWithdrawal(withdrawalId, proof);
    await answerSigned(key, response, { withdrawalId, items: outcomes, receivedAt });
  });
}
