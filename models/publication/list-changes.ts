/** A page of the change feed, for systems that prefer to pull. Every page that shows something is logged. */
import { z } from 'zod';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { readCursor, toCursor } from './feed-cursor.ts';
import { givePositions } from './give-positions.ts';
import { knowledgeOfCaller } from './knowledge.ts';
import { nextChange, type Pause } from './next-change.ts';
import { readFeed, readHead, readTail } from './read-feed.ts';
import { type ChangeView, viewChange } from './view-change.ts';

const LATEST = 'latest';
const DEFAULT_LIMIT = 200;

export const changesQuery = z.strictObject({
  /** `next` of the page before; `latest` for a cursor that begins now; left out: the oldest that is kept. */
  after: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  catalogueCode: z.string().length(21).optional(),
  act: z.string().min(1).max(40).optional(),
  /** Seconds to wait for something new when there is nothing. */
  wait: z.coerce.number().int().min(0).max(30).optional(),
});

export interface ChangesPage {
  readonly items: readonly ChangeView[];
  /** Never null: the feed goes on. */
  readonly next: string;
  /** Ask again at once; otherwise after a while. A page may hold nothing and yet be followed by more. */
  readonly more: boolean;
}

/** With `wait`, an empty page comes only when the seconds are over or whoever asks has left. Throws as `listChanges`. */
export async function awaitChanges(
  house: House,
  caller: Caller,
  query: z.infer<typeof changesQuery>,
  { over, pause }: { readonly over: AbortSignal; readonly pause?: Pause },
): Promise<ChangesPage> {
  const waiting = { left: query.after === LATEST ? 0 : (query.wait ?? 0), over, pause };
  let page = await listChanges(house, caller, query);
  while (page.items.length === 0 && !page.more) {
    if (!(await nextChange(house, readCursor(page.next), waiting))) return page;
    page = await listChanges(house, caller, { ...query, after: page.next });
  }
  return page;
}

/** Throws `FORBIDDEN`, or `FEED_CURSOR_LOST` when changes after the cursor are no longer kept, or when the cursor is of
 *  another feed (a database put back from a backup). */
async function listChanges(house: House, caller: Caller, query: z.infer<typeof changesQuery>): Promise<ChangesPage> {
  const knowledge = await knowledgeOfCaller(house, caller);
  await givePositions(house);
  if (query.after === LATEST) return { items: [], next: toCursor(await readHead(house)), more: false };
  const after = await findStart(house, query.after);
  const { catalogueCode, act, limit = DEFAULT_LIMIT } = query;
  const filter = { catalogueCodes: catalogueCode ? [catalogueCode] : null, acts: act ? [act] : null };
  const page = await readFeed(house, { ...knowledge, nextStepCodes: [] }, filter, { after, limit });
  if (page.entries.length > 0) {
    const details = { after, until: page.position, count: page.entries.length, ...filter };
    await logAccess(house, caller, { act: 'change.read', details });
  }
  return {
    items: page.entries.map(viewChange),
    next: toCursor(page.position),
    more: page.position < page.head,
  };
}

async function findStart(house: House, cursor: string | undefined): Promise<number> {
  const tail = await readTail(house);
  if (cursor === undefined) return tail;
  const after = readCursor(cursor);
  if (after < tail || after > (await readHead(house))) throw new Fault('FEED_CURSOR_LOST');
  return after;
}
