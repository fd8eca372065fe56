/** Licences that provincial and national systems issued come back (省级回传, R-06, M-12): read with a cursor that is kept together
 *  with what was read, judged as what departments have sealed, and taken in; what is not taken is listed with its cause. Reading
 *  a page twice changes nothing, and nothing on a page holds up what stands behind it. */
import {
  findCursor,
  findPagesAgain,
  findReturns,
  isDueReturn,
  keepCursor,
  noteNotReturned,
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
const PAGES_AGAIN = 20;
/** Items of a page that may fail on the line, each until its time is out, before the rest of it waits for the next time. */
const MOST_FAILURES = 8;

interface Reading {
  readonly house: House;
  readonly caller: Caller;
  readonly connector: ProvinceConnector;
  readonly counts: ReturnCounts;
}

/** @param counts what becomes of them is added here
 *  Throws `ProvinceAway`; what was taken until then stays. */
export async function receiveReturns(
  house: House,
  caller: Caller,
  connector: ProvinceConnector,
  counts: ReturnCounts,
): Promise<void> {
  if (!connector.returned) return;
  const reading = { house, caller, connector, counts };
  for (const cursor of await findPagesAgain(house, PAGES_AGAIN)) {
    const page = await connector.returned(cursor);
    if (!(await takePage(reading, cursor, page, undefined))) return;
    await withTransaction(house.db, (tx) => noteNotReturned(house, tx, cursor, page.items.map(identifierOf)));
  }
  const name = `${connector.name} returned`.slice(0, 190);
  for (;;) {
    const cursor = await findCursor(house, name);
    const page = await connector.returned(cursor);
    const isThrough = await takePage(reading, cursor, page, page.cursor === (cursor ?? '') ? undefined : name);
    if (!isThrough || !page.more) return;
  }
}

/** Whether all of it was looked at; if not, it is read once more the next time. Throws `ProvinceAway`. */
async function takePage(
  reading: Reading,
  cursor: string | null,
  page: ProvincePage<ReturnedLicence>,
  cursorName: string | undefined,
): Promise<boolean> {
  const { house } = reading;
  const known = await findReturns(house, page.items.map(identifierOf));
  const due = page.items.filter((item) => isDueReturn(house, known.get(identifierOf(item)), item.sequence));
  const { judged, isThrough, away } = await judgeEach(reading, due);
  const name = isThrough ? cursorName : undefined;
  if (judged.length > 0 || name !== undefined) {
    const found = await withTransaction(house.db, async (tx) => {
      if (name !== undefined) await keepCursor(house, tx, name, page.cursor);
      return takeIn(reading, tx, judged, cursor, known);
    });
    for (const state of OUTCOMES) reading.counts[state] += found[state];
  }
  if (away) throw away;
  return isThrough;
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
  /** Nobody answers any more. */
  readonly away?: ProvinceAway;
}

/** One by one. What fails on the line while the province answers a plain question is held, and those behind it go on. */
async function judgeEach({ house, connector }: Reading, items: readonly ReturnedLicence[]): Promise<JudgedPage> {
  const judged: JudgedReturn[] = [];
  let failures = 0;
  for (const item of items) {
    if (failures === MOST_FAILURES) return { judged, isThrough: false };
    try {
      judged.push(await judgeReturn(house, item));
    } catch (error) {
      if (!(error instanceof ProvinceAway)) throw error;
      const away = await findAway(connector, error);
      if (away) return { judged, isThrough: false, away };
      const cause = `FILE_NOT_TO_BE_HAD ${error.detail ?? error.code}`;
      judged.push({ item, identifier: identifierOf(item), state: undefined, cause, isHeld: true });
      failures += 1;
    }
  }
  return { judged, isThrough: true };
}

/** Undefined when somebody is there, who has not asked to be left alone. */
async function findAway(connector: ProvinceConnector, error: ProvinceAway): Promise<ProvinceAway | undefined> {
  if (error.notBefore) return error;
  try {
    await connector.knock();
    return undefined;
  } catch (silence) {
    if (silence instanceof ProvinceAway) return silence;
    throw silence;
  }
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
