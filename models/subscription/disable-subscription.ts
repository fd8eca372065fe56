/** Stop sending to a receiver that is gone or has failed for days, and say so: in the log, and to the body's other receivers.
 *  What waits goes on waiting until somebody resumes the subscription. */
import { appendAudit } from '../audit/append-audit.ts';
import { type House, houseCaller } from '../house.ts';
import type { Row } from '../store/define-table.ts';
import type { Tx } from '../store/with-transaction.ts';
import { newDelivery } from './new-delivery.ts';
import type { SubscriptionColumns } from './rows.ts';

export async function disableSubscription(
  house: House,
  tx: Tx,
  row: Row<SubscriptionColumns>,
  reason: NonNullable<SubscriptionColumns['reason']>,
): Promise<void> {
  const { id: subscriptionId, organisationCode } = row;
  await row.update({ state: 'disabled', reason }, { transaction: tx });
  const { subscriptions, deliveries } = house.db.rows;
  const others = await subscriptions.findAll({ where: { organisationCode, state: 'active' }, transaction: tx });
  const content = { subscriptionId, name: row.name, reason, failingSince: row.failingSince?.toISOString() ?? null };
  const notices = others.map((other) => newDelivery(house, other.id, { kind: 'notice', content }));
  await deliveries.bulkCreate(notices, { transaction: tx });
  const details = { done: 'disable', subscriptionId, organisationCode, reason };
  const caller = houseCaller(`webhook-${house.newId()}`);
  await appendAudit(house, tx, caller, { act: 'subscription.manage', outcome: 'failed', details });
  house.log.warn({ subscriptionId, organisationCode, reason }, 'a receiver of notices was disabled');
}
