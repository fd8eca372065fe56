/** Give a subscription a new secret. For a day notices carry the signatures of both, so that nothing is lost meanwhile. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { getOwnSubscription } from './own-subscription.ts';
import { makeSecret, OVERLAP_HOURS } from './secrets.ts';
import { type SubscriptionWithSecret, viewSubscription } from './view-subscription.ts';

/** Throws `FORBIDDEN`, `NOT_FOUND`, `WEBHOOK_SECRET_MISSING`. */
export async function rotateSecret(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<SubscriptionWithSecret>,
): Promise<SubscriptionWithSecret> {
  const { secret, secretCipher } = makeSecret(house);
  const previousUntil = new Date(house.clock().getTime() + OVERLAP_HOURS * 3_600_000);
  return withTransaction(house.db, async (tx) => {
    const row = await getOwnSubscription(house, caller, id, tx);
    if (row.secretCipher === null) throw new Fault('WEBHOOK_SECRET_MISSING');
    const rotated = { secretCipher, previousSecretCipher: row.secretCipher, previousUntil };
    await row.update(rotated, { transaction: tx });
    const details = { done: 'rotate', subscriptionId: id };
    await appendAudit(house, tx, caller, { act: 'subscription.manage', details });
    const view = { ...viewSubscription(row.get()), secret };
    await remember?.(tx, view);
    return view;
  });
}
