/** Put a message into the outbox, in the transaction that decides it. Nothing leaves the house any other way. */
import type { House } from '../../house.ts';
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
  await house.db.rows.outbox.bulkCreate(
    messages.map((message) => ({
      id: house.newId(),
      topic: message.topic,
      subject: message.subject,
      payload: message.payload,
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
