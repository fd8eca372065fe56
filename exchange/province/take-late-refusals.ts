/** What the province refuses although it had confirmed it: refused from now on, listed, told to the department, and not held
 *  there any more as the city sees it. */
import {
  type Followed,
  findCursor,
  keepCursor,
  lockConfirmed,
  nameMachines,
  noteFollowed,
  noteGone,
  type ProvinceSubject,
  stateKeyOf,
} from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { type Tx, withTransaction } from '../../models/store/index.ts';
import { findCityRecords } from '../reconcile/judge-differences.ts';
import type { LateRefusal, ProvinceConnector } from './connector.ts';

/** How many. Throws `ProvinceAway`. */
export async function takeLateRefusals(house: House, caller: Caller, connector: ProvinceConnector): Promise<number> {
  if (!connector.lateRefusals) return 0;
  const name = `${connector.name} refusals`.slice(0, 190);
  const cursor = await findCursor(house, name);
  const page = await connector.lateRefusals(cursor);
  const found = await findKnown(house, page.items);
  if (found.length === 0 && page.cursor === (cursor ?? '')) return 0;
  const receiptId = house.newId();
  const taken = await withTransaction(house.db, async (tx) => {
    const still = await keepConfirmed(house, tx, found, receiptId);
    if (still.length > 0) await record(house, tx, caller, connector.name, still, receiptId);
    await keepCursor(house, tx, name, page.cursor);
    return still;
  });
  // Only when it is recorded: should the process end before, it is found again.
  for (const { item } of taken) await item.settle();
  return taken.length;
}

async function record(
  house: House,
  tx: Tx,
  caller: Caller,
  link: string,
  taken: readonly Taken[],
  receiptId: string,
): Promise<void> {
  const refused = taken.map(({ item: { subject, sequence, reason } }) => ({ subject, sequence, reason }));
  const receipt = { id: receiptId, batchId: receiptId, text: JSON.stringify({ refused }), signature: '' };
  const followed = taken.map((one) => one.followed);
  await noteFollowed(house, tx, caller, link, followed, [receipt]);
  await noteGone(
    house,
    tx,
    followed.map(({ subject }) => subject),
  );
}

/** A refusal of what is ours. */
interface Found {
  readonly item: LateRefusal;
  readonly own: ProvinceSubject;
  readonly frontEnd: string | undefined;
}

interface Taken {
  readonly item: LateRefusal;
  readonly followed: Followed;
}

async function findKnown(house: House, items: readonly LateRefusal[]): Promise<Found[]> {
  if (items.length === 0) return [];
  const records = await findCityRecords(
    house,
    items.map(({ subject }) => subject),
  );
  const machines = await nameMachines(
    house,
    [...records.values()].flatMap(({ own: { type, id } }) => (type === 'licence' ? [id] : [])),
  );
  return items.flatMap((item): Found[] => {
    const own = records.get(item.subject)?.own;
    return own ? [{ item, own: { ...own, sequence: item.sequence }, frontEnd: machines.get(own.id) }] : [];
  });
}

/** Those that speak of what was confirmed. What is on its way again, perhaps since we asked, gets an answer of its own. */
async function keepConfirmed(house: House, tx: Tx, found: readonly Found[], receiptId: string): Promise<Taken[]> {
  const asked = found.map(({ own }) => ({ id: stateKeyOf(own), sequence: own.sequence }));
  const confirmed = await lockConfirmed(house, tx, asked);
  return found.flatMap(({ item, own, frontEnd }): Taken[] => {
    const before = confirmed.get(stateKeyOf(own));
    if (!before) return [];
    const arrivals = frontEnd ? [{ frontEnd, pushedAt: house.clock() }] : [];
    const { issuingBody } = before;
    const { digest, reason } = item;
    return [
      {
        item,
        followed: { subject: own, issuingBody, digest, outcome: 'refused', reason, receiptId, before, arrivals },
      },
    ];
  });
}
