/** What the province holds, page by page, each page signed and bound to our question. */
import { z } from 'zod';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { Province } from './province.ts';
import { parse, type RepositoryKey, request } from './send-batch.ts';

export interface HeldDigest {
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
}

const PAGE = 500;

const pageSchema = z.object({
  nonce: z.string(),
  after: z.string(),
  items: z.array(z.object({ subject: z.string(), sequence: z.int(), digest: z.string() })),
  next: z.string().nullable(),
});

/** In the order of subjects. Throws `PROVINCE_UNAVAILABLE`. */
export async function* readDigests(house: House, province: Province, key: RepositoryKey): AsyncGenerator<HeldDigest> {
  let after = '';
  for (;;) {
    const nonce = house.newId();
    const query = new URLSearchParams({ after, limit: String(PAGE), nonce });
    const page = parse(pageSchema, await request(house, province, key, `/api/digests?${query}`));
    // An old page, however well signed, answers another question.
    if (!page || page.nonce !== nonce || page.after !== after)
      throw new Fault('PROVINCE_UNAVAILABLE', { detail: 'digests' });
    yield* page.items;
    if (page.next === null || page.next <= after) return;
    after = page.next;
  }
}
