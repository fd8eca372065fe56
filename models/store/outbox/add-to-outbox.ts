/** Put a message into the outbox, in the transaction that decides it. Nothing leaves the house any other way. */
import type { House } from '../../house.ts';
import { currentLane, LANES } from '../../kernel/lane.ts';
import { insertRows } from '../bulk-write.ts';
import type { Tx } from '../with-transaction.ts';
import type { OutboxColumns } from './rows.ts';

export interface OutboxMessage {
  readonly topic: string;
  /** Messages of one subject leave in the order they were put here. */
  readonly subject: string;
  readonly payload: unknown;
  /** The front-end row that asked for it. */
  readonly arrival?: { readonly frontEnd: string; readonly pushedAt: Date } | undefined;
}

export async function addToOutbox(house: House, tx: Tx, message: OutboxMessage): Promise<void> {
  await addAllToOutbox(house, tx, [message]);
}

/** One statement, however many. What the counter puts in leaves before bulk. */
export async function addAllToOutbox(house: House, tx: Tx, messages: readonly OutboxMessage[]): Promise<void> {
  const now = house.clock();
  const lane = LANES.indexOf(currentLane());
  const rows = messages.map(
    ({ topic, subject, payload, arrival }): Partial<OutboxColumns> => ({
      ...{ id: house.newId(), topic, subject, payload, lane },
      ...{ frontEnd: arrival?.frontEnd ?? null, pushedAt: arrival?.pushedAt ?? null },
      ...{ state: 'waiting', attempts: 0, runAt: now, createdAt: now },
    }),
  );
  await insertRows(house.db, tx, house.db.rows.outbox, rows);
}
