/** The connector to a provincial library over HTTP. */
import { z } from 'zod';
import type { House } from '../../../models/house.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { openHttpTree } from '../../reconcile/http-tree.ts';
import { Held } from '../check-before-sending.ts';
import { ProvinceAway, type ProvinceConnector, type ProvinceFile, type ProvincePage } from '../connector.ts';
import { type HttpLine, openHttpLine, type Province } from './line.ts';
import { sendMessages } from './send-messages.ts';

const MOST_ITEMS = 200;
const MOST_FILE_BYTES = 64 * 1024 * 1024;
const MOST_RETURNED = 100;
const MOST_CODES = 500;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const returnedSchema = z.object({
  subject: z.string().max(200),
  sequence: z.int().min(1),
  digest,
  record: z.unknown(),
  files: z.array(z.object({ name: z.string().max(200), sm3: digest, sizeBytes: z.int().min(0) })).max(10),
});
const codeSchema = z.object({ code: z.string().max(190), provincialCode: z.string().min(1).max(190) });

export function connectHttp(house: House, province: Province): ProvinceConnector {
  const line = openHttpLine(house, province);
  return {
    name: `http ${province.url}`,
    mostItems: MOST_ITEMS,
    tree: openHttpTree(house, line),
    send: (messages) => sendMessages(house, line, messages),
    async knock() {
      await readPage(house, line, '/api/catalogue-codes', null, 1, codeSchema);
    },
    async returned(cursor) {
      const page = await readPage(house, line, '/api/returned', cursor, MOST_RETURNED, returnedSchema);
      const withFiles = page.items.map((item) => ({
        ...item,
        files: item.files.map((file) => ({ ...file, read: () => fetchFile(line, file) })),
      }));
      return { ...page, items: withFiles };
    },
    catalogueAnswers: (cursor) => readPage(house, line, '/api/catalogue-codes', cursor, MOST_CODES, codeSchema),
  };
}

/** A page is signed, and bound to our question: an old page, however well signed, answers another. */
async function readPage<T>(
  house: House,
  line: HttpLine,
  path: string,
  cursor: string | null,
  limit: number,
  item: z.ZodType<T>,
): Promise<ProvincePage<T>> {
  const nonce = house.newId();
  const after = cursor ?? '';
  const query = new URLSearchParams({ after, limit: String(limit), nonce });
  const schema = z.object({
    ...{ nonce: z.string(), after: z.string(), items: z.array(item).max(limit) },
    cursor: z
      .string()
      .max(190)
      .refine((text) => text.isWellFormed()),
    more: z.boolean(),
  });
  const page = await line.get(`${path}?${query}`, schema);
  if (page.nonce !== nonce || page.after !== after) throw new ProvinceAway({ detail: 'nonce' });
  return { items: page.items, cursor: page.cursor, more: page.more && page.cursor !== after };
}

/** Throws `Held` when it is not to be had as it should be, `ProvinceAway`. */
async function fetchFile(line: HttpLine, { name, sm3, sizeBytes }: Omit<ProvinceFile, 'read'>): Promise<Uint8Array> {
  const bytes = await line.fetchBytes(`/api/files/${sm3}`, MOST_FILE_BYTES, sizeBytes);
  if (bytes === 'missing') throw new Held(`FILE_MISSING ${name}`, true);
  if (bytes === 'too-large') throw new Held(`FILE_TOO_LARGE ${name}`, true);
  if (sm3Hex(bytes) !== sm3) throw new Held(`FILE_DIGEST_MISMATCH ${name}`, true);
  return bytes;
}
