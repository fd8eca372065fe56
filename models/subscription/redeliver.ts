/** Send again by hand: a delivery that has failed or was taken already, under the same id; or a ping. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findTellable } from './find-tellable.ts';
import { newDelivery } from './new-delivery.ts';
import { getOwnSubscription } from './own-subscription.ts';
import { type DeliveryView, viewDelivery } from './view-subscription.ts';

/** One that waits is due at once. Throws `FORBIDDEN`, `NOT_FOUND`, `STATE_CONFLICT`, `DELIVERY_GONE`. */
export async function redeliver(
  house: House,
  caller: Caller,
  subscriptionId: string,
  id: string,
  remember?: Remember<DeliveryView>,
): Promise<DeliveryView> {
  return withTransaction(house.db, async (tx) => {
    const subscription = await getOwnSubscription(house, caller, subscriptionId, tx);
    if (subscription.state !== 'active') throw new Fault('STATE_CONFLICT', { detail: subscription.state });
    const where = { id, subscriptionId };
    const row = await house.db.rows.deliveries.findOne({ where, transaction: tx, lock: true });
    if (!row) throw new Fault('NOT_FOUND');
    if (
      row.position !== null &&
      (await findTellable(house, subscription.organisationCode, [row.position], tx)).length === 0
    )
      throw new Fault('DELIVERY_GONE');
    const again = row.state === 'waiting' ? {} : { state: 'waiting' as const, attempts: 0, doneAt: null };
    await row.update({ ...again, runAt: house.clock() }, { transaction: tx });
    await subscription.update({ restUntil: null }, { transaction: tx });
    const details = { done: 'redeliver', subscriptionId, deliveryId: id };
    await appendAudit(house, tx, caller, { act: 'subscription.manage', details });
    const view = viewDelivery(row.get());
    await remember?.(tx, view);
    return view;
  });
}

/** A notice that says nothing but that it comes. Throws `FORBIDDEN`, `NOT_FOUND`, `STATE_CONFLICT`. */
export async function pingSubscription(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<DeliveryView>,
): Promise<DeliveryView> {
  return withTransaction(house.db, async (tx) => {
    const subscription = await getOwnSubscription(house, caller, id, tx);
    if (subscription.state !== 'active') throw new Fault('STATE_CONFLICT', { detail: subscription.state });
    const row = newDelivery(house, id, { kind: 'ping', content: { subscriptionId: id } });
    await house.db.rows.deliveries.create(row, { transaction: tx });
    await subscription.update({ restUntil: null }, { transaction: tx });
    const details = { done: 'ping', subscriptionId: id, deliveryId: row.id };
    await appendAudit(house, tx, caller, { act: 'subscription.manage', details });
    const view = viewDelivery(row);
    await remember?.(tx, view);
    return view;
  });
}
