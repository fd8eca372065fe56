/** Take deliveries of a subscription that are due, with a lease: of each licence only the oldest that waits, so that its
 *  notices arrive in order and one that fails holds back its licence's followers and nothing else. */
import { literal, Op } from 'sequelize';
import type { House } from '../house.ts';
import { isDeadOwner, processOwner } from '../kernel/process-owner.ts';
import { findEntries } from '../publication/read-feed.ts';
import type { FeedColumns } from '../publication/rows.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { DeliveryColumns, SubscriptionColumns } from './rows.ts';

/** Longer than an attempt may last. */
const LEASE_MS = 60_000;

export interface ClaimedDelivery extends DeliveryColumns {
  /** Null for a ping or a notice, and for a change that is no longer kept. */
  readonly entry: FeedColumns | null;
}

export interface ClaimedRound {
  readonly subscription: SubscriptionColumns;
  readonly deliveries: readonly ClaimedDelivery[];
}

const FIRST_OF_ITS_SUBJECT = literal(
  `NOT EXISTS (SELECT 1 FROM deliveries AS earlier WHERE earlier.subscription_id = deliveries.subscription_id
     AND earlier.state = 'waiting' AND earlier.subject = deliveries.subject AND earlier.position < deliveries.position)`,
);

/** Undefined when nothing is due, or the subscription does not take any now. A receiver that seems to be down gets one. */
export async function claimDeliveries(
  house: House,
  subscriptionId: string,
  most: number,
): Promise<ClaimedRound | undefined> {
  const { deliveries, subscriptions } = house.db.rows;
  const now = house.clock();
  await freeDeadLeases(house, subscriptionId);
  const free = { [Op.or]: [{ lockedUntil: null }, { lockedUntil: { [Op.lte]: now } }] };
  const claimable = { subscriptionId, state: 'waiting' as const, runAt: { [Op.lte]: now }, ...free };
  const lockedUntil = new Date(now.getTime() + LEASE_MS);
  const claimed = await withTransaction(house.db, async (tx) => {
    const subscription = await subscriptions.findByPk(subscriptionId, { transaction: tx, lock: true });
    if (subscription?.state !== 'active') return undefined;
    if (subscription.restUntil !== null && subscription.restUntil > now) return undefined;
    const found = await deliveries.findAll({
      where: { [Op.and]: [claimable, FIRST_OF_ITS_SUBJECT] },
      order: [
        ['position', 'ASC'],
        ['id', 'ASC'],
      ],
      limit: subscription.restUntil === null ? most : 1,
      transaction: tx,
    });
    if (found.length === 0) return undefined;
    const owner = processOwner();
    const where = { id: { [Op.in]: found.map((row) => row.id) } };
    await deliveries.update({ lockedUntil, owner }, { where, transaction: tx });
    return { subscription: subscription.get(), found: found.map((row) => ({ ...row.get(), lockedUntil, owner })) };
  });
  if (!claimed) return undefined;
  const positions = claimed.found.flatMap(({ position }) => (position === null ? [] : [position]));
  const entries = new Map((await findEntries(house, positions)).map((entry) => [entry.position, entry]));
  return {
    subscription: claimed.subscription,
    deliveries: claimed.found.map((row) => ({ ...row, entry: entries.get(row.position ?? -1) ?? null })),
  };
}

/** What a process that ended was sending waits for nobody. */
async function freeDeadLeases(house: House, subscriptionId: string): Promise<void> {
  const { deliveries } = house.db.rows;
  const where = { subscriptionId, state: 'waiting' as const, lockedUntil: { [Op.gt]: house.clock() } };
  const held = await deliveries.findAll({ where, attributes: ['owner'], group: ['owner'] });
  const dead = held.flatMap(({ owner }) => (owner && isDeadOwner(owner) ? [owner] : []));
  if (dead.length === 0) return;
  const freed = { lockedUntil: null, owner: null };
  await withTransaction(house.db, (tx) =>
    deliveries.update(freed, { where: { ...where, owner: dead }, transaction: tx }),
  );
}
