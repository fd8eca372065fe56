/** Take deliveries of a subscription that are due, with a lease: of each licence only the oldest that waits, so that its
 *  notices arrive in order and one that fails holds back its licence's followers and nothing else. */
import { Op, QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { isDeadOwner, processOwner } from '../kernel/process-owner.ts';
import type { FeedColumns } from '../publication/rows.ts';
import type { Row } from '../store/define-table.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { findTellable } from './find-tellable.ts';
import type { DeliveryColumns, SubscriptionColumns } from './rows.ts';

/** Longer than an attempt may last. */
const LEASE_MS = 60_000;
const PAGE = 50;

export interface ClaimedDelivery extends DeliveryColumns {
  /** Null for a ping or a notice, and for a change that is no longer kept or that its body may no longer know of. */
  readonly entry: FeedColumns | null;
}

export interface ClaimedRound {
  readonly subscription: SubscriptionColumns;
  readonly deliveries: readonly ClaimedDelivery[];
}

/** Undefined when nothing is due, or the subscription does not take any now. A receiver that seems to be down gets one. */
export async function claimDeliveries(
  house: House,
  subscriptionId: string,
  most: number,
): Promise<ClaimedRound | undefined> {
  const { deliveries, subscriptions } = house.db.rows;
  const now = house.clock();
  const lockedUntil = new Date(now.getTime() + LEASE_MS);
  const claimed = await withTransaction(house.db, async (tx) => {
    const subscription = await subscriptions.findByPk(subscriptionId, { transaction: tx, lock: true });
    if (subscription?.state !== 'active') return undefined;
    if (subscription.restUntil !== null && subscription.restUntil > now) return undefined;
    const found = await findFirst(house, tx, subscriptionId, subscription.restUntil === null ? most : 1);
    if (found.length === 0) return undefined;
    const owner = processOwner();
    const where = { id: { [Op.in]: found.map((row) => row.id) } };
    await deliveries.update({ lockedUntil, owner }, { where, transaction: tx });
    return { subscription: subscription.get(), found: found.map((row) => ({ ...row.get(), lockedUntil, owner })) };
  });
  if (!claimed) return undefined;
  const positions = claimed.found.flatMap(({ position }) => (position === null ? [] : [position]));
  const tellable = await findTellable(house, claimed.subscription.organisationCode, positions);
  const entries = new Map(tellable.map((entry) => [entry.position, entry]));
  return {
    subscription: claimed.subscription,
    deliveries: claimed.found.map((row) => ({ ...row, entry: entries.get(row.position ?? -1) ?? null })),
  };
}

/** Due ones that are the oldest waiting of their subject, in order. Looked for in small pages: the join that says it in one
 *  statement is worked out by some servers for all that wait, and each round would cost as much as the whole backlog. */
async function findFirst(house: House, tx: Tx, subscriptionId: string, most: number) {
  const { deliveries } = house.db.rows;
  const now = house.clock();
  const free = { [Op.or]: [{ lockedUntil: null }, { lockedUntil: { [Op.lte]: now } }] };
  const waiting = { subscriptionId, state: 'waiting' as const };
  const found: Row<DeliveryColumns>[] = [];
  for (let after: number | null = null; found.length < most; ) {
    const page: Row<DeliveryColumns>[] = await deliveries.findAll({
      where: {
        ...waiting,
        runAt: { [Op.lte]: now },
        ...free,
        ...(after === null ? {} : { position: { [Op.gt]: after } }),
      },
      order: [
        ['position', 'ASC'],
        ['id', 'ASC'],
      ],
      limit: PAGE,
      transaction: tx,
    });
    const oldest = await findOldest(house, tx, subscriptionId, page);
    found.push(...page.filter(({ subject, position }) => position === null || oldest.get(subject) === position));
    after = page.at(-1)?.position ?? null;
    if (page.length < PAGE || after === null) break;
  }
  return found.slice(0, most);
}

/** Position of the oldest that waits of each subject on the page, due or not. */
async function findOldest(
  house: House,
  tx: Tx,
  subscriptionId: string,
  page: readonly DeliveryColumns[],
): Promise<ReadonlyMap<string, number>> {
  const subjects = [...new Set(page.map(({ subject }) => subject))];
  if (subjects.length === 0) return new Map();
  const rows = await house.db.sequelize.query<{ readonly subject: string; readonly oldest: number }>(
    `SELECT subject, MIN(position) AS oldest FROM deliveries
     WHERE subscription_id = :subscriptionId AND state = 'waiting' AND subject IN (:subjects) GROUP BY subject`,
    { replacements: { subscriptionId, subjects }, type: QueryTypes.SELECT, transaction: tx },
  );
  return new Map(rows.map(({ subject, oldest }) => [subject, Number(oldest)]));
}

/** What a process that ended was sending waits for nobody. */
export async function freeDeadDeliveries(house: House, subscriptionId: string): Promise<void> {
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
