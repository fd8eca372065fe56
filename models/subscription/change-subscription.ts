/** Change a subscription: its address, what it is told of, pause it, resume it, also after it was disabled. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { getOwnSubscription } from './own-subscription.ts';
import type { SubscriptionChange } from './save-subscription.ts';
import { type SubscriptionView, viewSubscription } from './view-subscription.ts';

/** What is left out stays. Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function changeSubscription(
  house: House,
  caller: Caller,
  id: string,
  change: SubscriptionChange,
  remember?: Remember<SubscriptionView>,
): Promise<SubscriptionView> {
  return withTransaction(house.db, async (tx) => {
    const row = await getOwnSubscription(house, caller, id, tx);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    // Whoever resumes says that the receiver is well again.
    const well = { reason: null, failures: 0, failingSince: null, restUntil: null };
    const resumes = change.state === 'active';
    await row.update({ ...given, ...(resumes ? well : {}) }, { transaction: tx });
    if (resumes) {
      const where = { subscriptionId: id, state: 'waiting' as const };
      await house.db.rows.deliveries.update({ runAt: house.clock() }, { where, transaction: tx });
    }
    const { url: _, ...shown } = given;
    const details = { done: 'change', subscriptionId: id, ...shown };
    await appendAudit(house, tx, caller, { act: 'subscription.manage', details });
    const view = viewSubscription(row.get());
    await remember?.(tx, view);
    return view;
  });
}
