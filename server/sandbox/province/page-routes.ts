/** What the city asks for, page by page, each page signed with the question in it: digests, codes of catalogue entries, licences
 *  that come back; and the bytes of files. Positions are numbers given in the transaction that adds, one writer at a time: nothing
 *  ever becomes visible behind one. */
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { ProvinceAppOptions } from './app.ts';
import { answerSigned, asksFromCity } from './signed-line.ts';

const MOST = 1000;
const DEFAULT = 500;

const pageSchema = z.object({
  after: z.string().max(200).default(''),
  limit: z.coerce.number().int().min(1).max(MOST).default(DEFAULT),
  nonce: z.string().max(64).default(''),
});

export function addPageRoutes(app: Express, options: ProvinceAppOptions): void {
  const { library, cityKey, key } = options;
  const page = (path: string, answer: (after: string, limit: number) => object) =>
    app.get(path, async (request: Request, response: Response) => {
      if (!asksFromCity(cityKey, request, response)) return;
      const query = pageSchema.safeParse(request.query);
      if (!query.success) response.status(400).json({ code: 'REQUEST_INVALID' });
      else {
        const { after, limit, nonce } = query.data;
        await answerSigned(key, response, { nonce, after, ...answer(after, limit) });
      }
    });
  page('/api/digests', (after, limit) => {
    const items = library.page(after, limit).map(({ subject, sequence, digest }) => ({ subject, sequence, digest }));
    return { items, next: items.length === limit ? (items.at(-1)?.subject ?? null) : null };
  });
  page('/api/catalogue-codes', (after, limit) => {
    const rows = library.codes(Number(after), limit);
    const items = rows.map(({ code, provincialCode }) => ({ code, provincialCode }));
    return { items, cursor: String(rows.at(-1)?.number ?? after), more: rows.length === limit };
  });
  page('/api/returned', (after, limit) => {
    const rows = library.planted(Number(after), limit);
    const items = rows.map(({ json }) => JSON.parse(json) as unknown);
    return { items, cursor: String(rows.at(-1)?.number ?? after), more: rows.length === limit };
  });
  app.get('/api/files/:sm3', (request, response) => {
    if (!asksFromCity(cityKey, request, response)) return;
    const bytes = library.bytes(request.params.sm3);
    if (!bytes) response.status(404).json({ code: 'NOT_FOUND' });
    else response.type('application/octet-stream').send(Buffer.from(bytes));
  });
}
