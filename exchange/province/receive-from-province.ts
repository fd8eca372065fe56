/** What comes from the province by itself: receipts of what was handed over, codes of catalogue entries (目录代码), and licences
 *  that it returns. Harmless to run again, at any time, by anybody. */
import {
  findCursor,
  findLink,
  keepCursor,
  keepProvinceCodes,
  noteLinkDown,
  noteLinkUp,
} from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { withTransaction } from '../../models/store/index.ts';
import { collectReceipts } from './collect-receipts.ts';
import { ProvinceAway, type ProvinceConnector } from './connector.ts';
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

/** Nothing while the province rests or does not answer. */
export async function receiveFromProvince(house: House, connector: ProvinceConnector): Promise<Received> {
  const received: Received = { receipts: 0, codes: 0, accepted: 0, refused: 0, held: 0 };
  const link = await findLink(house, connector.name);
  if (link?.notBefore && link.notBefore > house.clock()) return received;
  const caller = provinceCaller(house);
  try {
    received.receipts = await collectReceipts(house, caller, connector);
    received.receipts += await takeLateRefusals(house, caller, connector);
    received.codes = await takeCodes(house, connector);
    await receiveReturns(house, caller, connector, received);
    // Whoever has nothing to send notices here that it answers again.
    if (link?.downSince) await withTransaction(house.db, (tx) => noteLinkUp(house, tx, connector.name));
  } catch (error) {
    if (!(error instanceof ProvinceAway)) throw error;
    await noteLinkDown(house, connector.name, error.message, error.notBefore);
    house.log.warn({ error, link: connector.name }, 'the provincial library could not be reached');
  }
  return received;
}

/** The cursor is kept after the codes: a page that is read twice changes nothing. */
async function takeCodes(house: House, connector: ProvinceConnector): Promise<number> {
  if (!connector.catalogueAnswers) return 0;
  const name = `${connector.name} codes`.slice(0, 190);
  let fresh = 0;
  for (;;) {
    const cursor = await findCursor(house, name);
    const page = await connector.catalogueAnswers(cursor);
    if (page.items.length > 0) fresh += await keepProvinceCodes(house, page.items);
    if (page.cursor !== (cursor ?? ''))
      await withTransaction(house.db, (tx) => keepCursor(house, tx, name, page.cursor));
    if (!page.more) return fresh;
  }
}
