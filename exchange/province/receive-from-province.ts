/** What comes from the province by itself: receipts of what was handed over, codes of catalogue entries (目录代码), and licences
 *  that it returns. Harmless to run again, at any time, by anybody. */
import {
  findCursor,
  findLink,
  keepCursor,
  keepProvinceCodes,
  noteLinkDown,
  noteLinkUp,
  noteUnbelieved,
} from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { isWellFormed } from '../../models/kernel/well-formed.ts';
import { withTransaction } from '../../models/store/index.ts';
import { collectReceipts } from './collect-receipts.ts';
import { type CatalogueAnswer, ProvinceAway, type ProvinceConnector } from './connector.ts';
import { provinceCaller } from './push-to-province.ts';
import { receiveReturns } from './receive-returns.ts';
import { takeLateRefusals } from './take-late-refusals.ts';

export interface Received {
  /** Subjects that came to their end by a receipt of later, or were refused after it. */
  receipts: number;
  /** New codes of catalogue entries. */
  codes: number;
  /** Returned licences taken in, not taken, and not to be had for now. */
  accepted: number;
  refused: number;
  held: number;
}

/** Nothing while the province rests or does not answer.
 *  @param signal aborted: it ends after the page that is under way, and the next pass goes on there */
export async function receiveFromProvince(
  house: House,
  connector: ProvinceConnector,
  signal?: AbortSignal,
): Promise<Received> {
  const received: Received = { receipts: 0, codes: 0, accepted: 0, refused: 0, held: 0 };
  const link = await findLink(house, connector.name);
  if (link?.notBefore && link.notBefore > house.clock()) return received;
  const caller = provinceCaller(house);
  try {
    received.receipts = await collectReceipts(house, caller, connector, signal);
    received.receipts += await takeLateRefusals(house, caller, connector);
    received.codes = await takeCodes(house, connector, signal);
    await receiveReturns(house, caller, connector, received, signal);
    // Whoever has nothing to send notices here that it answers again.
    if (link?.downSince) await withTransaction(house.db, (tx) => noteLinkUp(house, tx, connector.name));
  } catch (error) {
    if (!(error instanceof ProvinceAway)) throw error;
    await noteLinkDown(house, connector.name, error.message, error.notBefore);
    house.log.warn({ error, link: connector.name }, 'the provincial library could not be reached');
  }
  return received;
}

/** In one pass. */
const MOST_PAGES = 50;

/** The cursor is kept after the codes: a page that is read twice changes nothing. What says more than so many pages at once goes on
 *  with the next pass. */
async function takeCodes(house: House, connector: ProvinceConnector, signal: AbortSignal | undefined): Promise<number> {
  if (!connector.catalogueAnswers) return 0;
  const name = `${connector.name} codes`.slice(0, 190);
  let fresh = 0;
  for (let pages = 0; pages < MOST_PAGES && !signal?.aborted; pages += 1) {
    const cursor = await findCursor(house, name);
    const page = await connector.catalogueAnswers(cursor);
    const codes = await findBelieved(house, connector, page.items);
    if (codes.length > 0) fresh += await keepProvinceCodes(house, codes);
    if (page.cursor !== (cursor ?? ''))
      await withTransaction(house.db, (tx) => keepCursor(house, tx, name, page.cursor));
    if (!page.more) break;
  }
  return fresh;
}

/** Codes that are text; of the others it is noted that they came. */
async function findBelieved(
  house: House,
  { name }: ProvinceConnector,
  codes: readonly CatalogueAnswer[],
): Promise<readonly CatalogueAnswer[]> {
  const causes = codes.flatMap((one) => (isWellFormed(one) ? [] : [`UNREADABLE catalogue:${one.code}`.toWellFormed()]));
  if (causes.length === 0) return codes;
  house.log.error({ link: name, causes }, 'answers of the province not believed');
  await withTransaction(house.db, (tx) => noteUnbelieved(house, tx, name, causes));
  return codes.filter((one) => isWellFormed(one));
}
