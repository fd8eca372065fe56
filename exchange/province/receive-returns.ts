/** Licences that provincial and national systems issued come back (省级回传, R-06, M-12): read with a cursor that is kept together
 *  with what was read, judged as what departments have sealed, and taken in; what is not taken is listed with its cause. Reading
 *  a page twice changes nothing. What cannot be had waits beside the cursor and is asked for again on a budget of its own: it holds
 *  up what stands behind it by a pass for every eight of them, once. */
import {
  findCursor,
  findPagesAgain,
  findReturns,
  isDueReturn,
  isNewReturn,
  keepCursor,
  noteNotReturned,
  noteNotToBeHad,
  noteReturns,
  type ProvinceReturnColumns,
} from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { acceptReturned } from '../../models/licence/index.ts';
import { type Tx, withTransaction } from '../../models/store/index.ts';
import { ProvinceAway, type ProvinceConnector, type ProvincePage, type ReturnedLicence } from './connector.ts';
import { identifierOf, type JudgedReturn, judgeReturn } from './judge-return.ts';

export interface ReturnCounts {
  accepted: number;
  refused: number;
  held: number;
}

const OUTCOMES = ['accepted', 'refused', 'held'] as const;
/** In one pass; the next goes on where this one ended. */
const MOST_PAGES = 50;
const MOST_PAGES_AGAIN = 20;
/** That may fail on the line, each until its time is out, before the rest waits for the next time: of a page that is new, and of all
 *  pages that are read again. */
const MOST_FAILURES = 8;

interface Reading {
  readonly house: House;
  readonly caller: Caller;
  readonly connector: ProvinceConnector;
  readonly read: (cursor: string | null) => Promise<Page>;
  readonly counts: ReturnCounts;
}

type Page = ProvincePage<ReturnedLicence>;

/** @param counts what becomes of them is added here
 *  @param signal aborted: it ends after the page that is under way
 *  Throws `ProvinceAway`; what was taken until then stays. */
export async function receiveReturns(
  house: House,
  caller: Caller,
  connector: ProvinceConnector,
  counts: ReturnCounts,
  signal?: AbortSignal,
): Promise<void> {
  const { returned } = connector;
  if (!returned) return;
  const read = (cursor: string | null) => returned.call(connector, cursor);
  const reading = { house, caller, connector, read, counts };
  await takeAgain(reading, signal);
  const name = `${connector.name} returned`.slice(0, 190);
  for (let pages = 0; pages < MOST_PAGES && !signal?.aborted; pages += 1) {
    const cursor = await findCursor(house, name);
    const page = await read(cursor);
    const isThrough = await takeNew(reading, name, cursor, page);
    if (!isThrough || !page.more) return;
  }
}

/** What is new on the page the cursor points to. Whether all of it was looked at; if not, it is read once more the next time: what
 *  could not be had until then is known, and does not count again. Throws `ProvinceAway`. */
async function takeNew(reading: Reading, name: string, cursor: string | null, page: Page): Promise<boolean> {
  const { house } = reading;
  const known = await findReturns(house, page.items.map(identifierOf));
  const due = page.items.filter((item) => isNewReturn(known.get(identifierOf(item)), item.sequence));
  const judged = await judgeEach(reading, due, MOST_FAILURES);
  const next = judged.isThrough && page.cursor !== (cursor ?? '') ? { name, position: page.cursor } : undefined;
  await keep(reading, judged, cursor, known, next);
  return judged.isThrough;
}

/** Pages are read again for what somebody wants of them, or what was not to be had. Throws `ProvinceAway`. */
async function takeAgain(reading: Reading, signal: AbortSignal | undefined): Promise<void> {
  const { house } = reading;
  let failures = 0;
  for (const cursor of await findPagesAgain(house, MOST_PAGES_AGAIN)) {
    if (failures >= MOST_FAILURES || signal?.aborted) return;
    const page = await reading.read(cursor).catch(async (error: unknown) => {
      const cause = `PAGE_NOT_TO_BE_HAD ${await findCause(reading, error)}`;
      await withTransaction(house.db, (tx) => noteNotToBeHad(house, tx, cursor, cause));
      return undefined;
    });
    failures += page ? await takePageAgain(reading, cursor, page, MOST_FAILURES - failures) : 1;
  }
}

/** The longest waiting first, so that in time it is every one's turn. How many failed on the line. Throws `ProvinceAway`. */
async function takePageAgain(reading: Reading, cursor: string | null, page: Page, most: number): Promise<number> {
  const { house } = reading;
  const known = await findReturns(house, page.items.map(identifierOf));
  const since = (item: ReturnedLicence) => {
    const row = known.get(identifierOf(item));
    return row?.state === 'again' ? 0 : (row?.updatedAt.getTime() ?? 0);
  };
  const due = page.items.filter((item) => isDueReturn(house, known.get(identifierOf(item)), item.sequence));
  const judged = await judgeEach(
    reading,
    [...due].sort((a, b) => since(a) - since(b)),
    most,
  );
  await keep(reading, judged, cursor, known);
  const still = page.items.filter((item) => item.sequence >= (known.get(identifierOf(item))?.sequence ?? 0));
  await withTransaction(house.db, (tx) => noteNotReturned(house, tx, cursor, still.map(identifierOf)));
  return judged.failures;
}

/** What was judged, together with where we are. Throws what ended the judging. */
async function keep(
  reading: Reading,
  { judged, away }: JudgedPage,
  cursor: string | null,
  known: ReadonlyMap<string, ProvinceReturnColumns>,
  next?: { readonly name: string; readonly position: string },
): Promise<void> {
  const { house, counts } = reading;
  if (judged.length > 0 || next) {
    const found = await withTransaction(house.db, async (tx) => {
      if (next) await keepCursor(house, tx, next.name, next.position);
      return takeIn(reading, tx, judged, cursor, known);
    });
    for (const state of OUTCOMES) counts[state] += found[state];
  }
  if (away) throw away;
}

async function takeIn(
  { house, caller }: Reading,
  tx: Tx,
  judged: readonly JudgedReturn[],
  cursor: string | null,
  known: ReadonlyMap<string, ProvinceReturnColumns>,
): Promise<ReturnCounts> {
  const found: ReturnCounts = { accepted: 0, refused: 0, held: 0 };
  for (const one of judged) {
    const { licenceId, cause } = one.state
      ? await acceptReturned(house, tx, caller, one.state)
      : { licenceId: null, cause: one.cause };
    const state = cause === null ? 'accepted' : one.isHeld ? 'held' : 'refused';
    found[state] += 1;
    const row = describe(house, one, cursor, licenceId, known.get(one.identifier));
    await noteReturns(house, tx, [{ ...row, state, cause: cause ?? one.remark ?? null }]);
  }
  return found;
}

interface JudgedPage {
  readonly judged: readonly JudgedReturn[];
  readonly isThrough: boolean;
  readonly failures: number;
  /** Nobody answers any more, or nothing can be judged: what was is kept, then this is thrown. */
  readonly away?: unknown;
}

/** One by one. What fails on the line while the province answers a plain question is held, and those behind it go on. */
async function judgeEach(
  reading: Reading,
  items: readonly ReturnedLicence[],
  mostFailures: number,
): Promise<JudgedPage> {
  const judged: JudgedReturn[] = [];
  let failures = 0;
  for (const item of items) {
    if (failures === mostFailures) return { judged, isThrough: false, failures };
    try {
      judged.push(await judgeReturn(reading.house, item));
    } catch (error) {
      const found = await findCause(reading, error).catch((away: unknown) => ({ away }));
      if (typeof found !== 'string') return { judged, isThrough: false, failures, ...found };
      const cause = `FILE_NOT_TO_BE_HAD ${found}`;
      judged.push({ item, identifier: identifierOf(item), state: undefined, cause, isHeld: true });
      failures += 1;
    }
  }
  return { judged, isThrough: true, failures };
}

/** Why it is not to be had although somebody is there, who has not asked to be left alone. Throws `ProvinceAway` when nobody is, and
 *  whatever else went wrong. */
async function findCause({ connector }: Reading, error: unknown): Promise<string> {
  if (!(error instanceof ProvinceAway) || error.notBefore) throw error;
  await connector.knock();
  return error.detail ?? error.code;
}

function describe(
  house: House,
  { item, identifier, state }: JudgedReturn,
  pageCursor: string | null,
  licenceId: string | null,
  before: ProvinceReturnColumns | undefined,
): Omit<ProvinceReturnColumns, 'state' | 'cause'> {
  const now = house.clock();
  return {
    ...{ id: identifier, sequence: item.sequence, digest: item.digest },
    licenceId: licenceId ?? before?.licenceId ?? null,
    issuingBody: state?.record.issuingBody ?? before?.issuingBody ?? null,
    ...{ pageCursor, receivedAt: before?.receivedAt ?? now, updatedAt: now },
  };
}
