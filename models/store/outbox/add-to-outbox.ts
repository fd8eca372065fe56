/** Put a message into the outbox, in the transaction that decides it. Nothing leaves the house any other way. */
import type { House } from '../../house.ts';
import { currentLane, LANES } from '../../kernel/lane.ts';
import type { Tx } from '../with-transaction.ts';

export interface OutboxMessage {
  readonly topic: string;
  /** Messages of one subject leave in the order they were put here. */
  readonly subject: string;
  readonly payload: unknown;
}

export async function addToOutbox(house: House, tx: Tx, message: OutboxMessage): Promise<void> {
  await addAllToOutbox(house, tx, [message]);
}

export async function addAllToOutbox(house: House, tx: Tx, messages: readonly OutboxMessage[]): Promise<void> {
  const now = house.clock();
  const lane = LANES.indexOf(currentLane());
  if (lane === 0) await lift(house, tx, messages);
  await house.db.rows.outbox.bulkCreate(
    messages.map((message) => ({
      id: house.newId(),
      topic: message.topic,
      subject: message.subject,
      payload: message.payload,
      lane,
      state: 'waiting',
      attempts: 0,
      runAt: now,
      lockedUntil: null,
      owner: null,
      lastError: null,
      createdAt: now,
      doneAt: null,
    })),
    { transaction: tx },
  );
}

/** Messages of a subject leave in order: what the counter says of one must not wait behind bulk that waits itself. */
async function lift(house: House, tx: Tx, messages: readonly OutboxMessage[]): Promise<void> {
  const subject = [...new Set(messages.map((message) => message.subject))];
  const where = { subject, state: 'waiting' as const, lane: LANES.indexOf('bulk') };
  await house.db.rows.outbox.update({ lane: LANES.indexOf('counter') }, { where, transaction: tx });
}
