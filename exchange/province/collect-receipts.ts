/** Receipts that come after the messages: the connector is asked for those of what was handed over, a page at a time. What is not
 *  there any more, though it was handed over, is sent again. */
import {
  type Followed,
  findPending,
  lockPending,
  noteFollowed,
  noteUnbelieved,
  queueAgainIn,
  stateKeyOf,
} from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { type OutboxTurn, type Tx, withTransaction } from '../../models/store/index.ts';
import type { ComposedMessage } from './compose-message.ts';
import type { ProvinceConnector, Sent } from './connector.ts';
import { type Prepared, prepareTurns } from './prepare-turns.ts';

const PAGE = 200;

/** How many subjects came to their end. Throws `ProvinceAway`.
 *  @param signal aborted: it ends after the page that is under way */
export async function collectReceipts(
  house: House,
  caller: Caller,
  connector: ProvinceConnector,
  signal?: AbortSignal,
): Promise<number> {
  if (!connector.collect) return 0;
  let collected = 0;
  for (let after = ''; ; ) {
    const pending = await findPending(house, after, PAGE);
    after = pending.at(-1)?.id ?? '';
    const turns = pending.map(({ id }): OutboxTurn => ({ subject: id, items: [] }));
    const prepared = await prepareTurns(house, turns);
    // What was changed since then has a message of its own, which asks for its own receipt.
    const asked = prepared.flatMap(({ composed, before }) =>
      composed && before?.sentSequence === composed.sequence ? [composed] : [],
    );
    if (asked.length > 0) {
      const sent = await connector.collect(
        asked.map(({ subject, sequence, digest }) => ({ subject, sequence, digest })),
      );
      const followed = prepared.flatMap((one) => follow(one, sent));
      const gone = asked.filter(({ subject }) => sent.outcomes.get(subject)?.outcome === 'delayed');
      await withTransaction(house.db, async (tx) => {
        await note(house, tx, caller, connector, sent, followed);
        await sendAgain(house, tx, gone);
      });
      collected += followed.length;
    }
    if (pending.length < PAGE || signal?.aborted) return collected;
  }
}

/** Gone before it was moved. */
async function sendAgain(house: House, tx: Tx, gone: readonly ComposedMessage[]): Promise<void> {
  if (gone.length === 0) return;
  const asked = gone.map(({ own }) => ({ id: stateKeyOf(own), sequence: own.sequence }));
  const pending = await lockPending(house, tx, asked);
  for (const { own } of gone) if (pending.has(stateKeyOf(own))) await queueAgainIn(house, tx, own);
}

async function note(
  house: House,
  tx: Tx,
  caller: Caller,
  connector: ProvinceConnector,
  sent: Sent,
  followed: readonly Followed[],
): Promise<void> {
  const receipts = sent.receipts.map(({ receiptId, ...proof }) => ({ id: receiptId, ...proof }));
  await noteUnbelieved(house, tx, connector.name, sent.unbelieved);
  if (followed.length === 0) return;
  // A newer state may have been handed over while the connector was asked: its own receipt is still to come.
  const asked = followed.map(({ subject }) => ({ id: stateKeyOf(subject), sequence: subject.sequence }));
  const pending = await lockPending(house, tx, asked);
  const still = followed.filter(({ subject }) => pending.has(stateKeyOf(subject)));
  await noteFollowed(house, tx, caller, connector.name, still, receipts);
}

function follow({ composed, before }: Prepared, sent: Sent): Followed[] {
  const outcome = composed && sent.outcomes.get(composed.subject);
  if (!composed || !outcome || (outcome.outcome !== 'accepted' && outcome.outcome !== 'refused')) return [];
  const reason = outcome.outcome === 'refused' ? outcome.reason : null;
  const arrivals =
    before?.frontEnd && before.pushedAt ? [{ frontEnd: before.frontEnd, pushedAt: before.pushedAt }] : [];
  const { own: subject, issuingBody, digest } = composed;
  const { receiptId } = outcome;
  return [{ subject, issuingBody, digest, outcome: outcome.outcome, reason, receiptId, before, arrivals }];
}
