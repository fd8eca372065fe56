/** A delivery that waits to be sent for the first time. */
import type { House } from '../house.ts';
import type { FeedColumns } from '../publication/rows.ts';
import type { DeliveryColumns } from './rows.ts';

type What =
  | { readonly kind: 'change'; readonly entry: FeedColumns }
  | { readonly kind: 'ping' | 'notice' | 'step' | 'told'; readonly content: Readonly<Record<string, unknown>> };

export function newDelivery(house: House, subscriptionId: string, what: What): DeliveryColumns {
  const id = house.newId();
  const now = house.clock();
  const about =
    what.kind === 'change'
      ? { position: what.entry.position, subject: `${what.entry.type}:${what.entry.identifier}`, content: null }
      : { position: null, subject: `${what.kind}:${id}`, content: what.content };
  return {
    ...{ id, subscriptionId, kind: what.kind, ...about, state: 'waiting', attempts: 0, runAt: now },
    ...{ lockedUntil: null, owner: null, lastOutcome: null, lastStatus: null, createdAt: now, doneAt: null },
  };
}
