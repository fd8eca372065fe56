/** End a subscription, with all that waits for it. What was done is in the access log. */
import { Op } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { getOwnSubscription } from './own-subscription.ts';
import { type SubscriptionView, viewSubscription } from './view-subscription.ts';

/** Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function removeSubscription(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<SubscriptionView>,
): Promise<SubscriptionView> {
  const { deliveries, deliveryAttempts } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const row = await getOwnSubscription(house, caller, id, tx);
    const view = viewSubscription(row.get());
    const ids = await deliveries.findAll({ where: { subscriptionId: id }, attributes: ['id'], transaction: tx });
    const where = { deliveryId: { [Op.in]: ids.map((delivery) => delivery.id) } };
    await deliveryAttempts.destroy({ where, transaction: tx });
    await deliveries.destroy({ where: { subscriptionId: id }, transaction: tx });
    await row.destroy({ transaction: tx });
    const details = { done: 'remove', subscriptionId: id, organisationCode: view.organisationCode };
    await appendAudit(house, tx, caller, { act: 'subscription.manage', details });
    await remember?.(tx, view);
    return view;
  });
}
