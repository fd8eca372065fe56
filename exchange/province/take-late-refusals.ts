/** What the province refuses although it had confirmed it: refused from now on, listed, told to the department, and not held
 *  there any more as the city sees it. */
import {
  type Followed,
  findCursor,
  findProvinceStates,
  keepCursor,
  nameMachines,
  noteFollowed,
  noteGone,
  stateKeyOf,
} from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { withTransaction } from '../../models/store/index.ts';
import { findCityRecords } from '../reconcile/judge-differences.ts';
import type { LateRefusal, ProvinceConnector } from './connector.ts';

/** How many. Throws `ProvinceAway`. */
export async function takeLateRefusals(house: House, caller: Caller, connector: ProvinceConnector): Promise<number> {
  if (!connector.lateRefusals) return 0;
  const name = `${connector.name} refusals`.slice(0, 190);
  const cursor = await findCursor(house, name);
  const page = await connector.lateRefusals(cursor);
  const followed = await findConfirmed(house, page.items);
  if (followed.length > 0 || page.cursor !== (cursor ?? '')) {
    const receiptId = house.newId();
    const text = JSON.stringify({
      refused: page.items.map(({ subject, sequence, reason }) => ({ subject, sequence, reason })),
    });
    const receipts = followed.length > 0 ? [{ id: receiptId, batchId: receiptId, text, signature: '' }] : [];
    await withTransaction(house.db, async (tx) => {
      const proven = followed.map(({ own }) => ({ ...own, receiptId }));
      await noteFollowed(house, tx, caller, connector.name, proven, receipts);
      await noteGone(
        house,
        tx,
        followed.map(({ own: { subject } }) => subject),
      );
      await keepCursor(house, tx, name, page.cursor);
    });
  }
  // Only when it is recorded: should the process end before, it is found again.
  for (const { settle } of followed) await settle();
  return followed.length;
}

interface Found extends Pick<LateRefusal, 'settle'> {
  readonly own: Followed;
}

/** Of the refusals those that speak of what was confirmed. What is on its way again gets an answer of its own. */
async function findConfirmed(house: House, items: readonly LateRefusal[]): Promise<Found[]> {
  if (items.length === 0) return [];
  const records = await findCityRecords(
    house,
    items.map(({ subject }) => subject),
  );
  const owns = [...records.values()].map(({ own }) => own);
  const states = await findProvinceStates(house, owns.map(stateKeyOf));
  const machines = await nameMachines(
    house,
    owns.flatMap(({ type, id }) => (type === 'licence' ? [id] : [])),
  );
  return items.flatMap(({ subject: name, sequence, digest, reason, settle }): Found[] => {
    const record = records.get(name);
    const before = record && states.get(stateKeyOf(record.own));
    if (!record || before?.state !== 'acknowledged' || before.acknowledgedSequence !== sequence) return [];
    const { type, id } = record.own;
    const frontEnd = machines.get(id);
    const arrivals = frontEnd ? [{ frontEnd, pushedAt: house.clock() }] : [];
    const own: Followed = {
      ...{ subject: { type, id, sequence }, issuingBody: before.issuingBody, digest, outcome: 'refused' },
      ...{ reason, receiptId: null, before, arrivals },
    };
    return [{ own, settle }];
  });
}
