/** Subscriptions and their deliveries, for those whose they are. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { getOwnSubscription, subscribingBody } from './own-subscription.ts';
import type { AttemptColumns, DeliveryColumns } from './rows.ts';
import { type DeliveryView, type SubscriptionView, viewDelivery, viewSubscription } from './view-subscription.ts';

export interface AttemptView extends Omit<AttemptColumns, 'id' | 'deliveryId' | 'at'> {
  readonly at: string;
}

/** Newest first. Throws `FORBIDDEN`. */
export async function listSubscriptions(
  house: House,
  caller: Caller,
  request: PageRequest,
): Promise<Page<SubscriptionView>> {
  const organisationCode = subscribingBody(caller);
  const limit = pageLimit(request);
  const rows = await house.db.rows.subscriptions.findAll({
    where: {
      ...(organisationCode === undefined ? {} : { organisationCode }),
      ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
    },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  const views = rows.map((row) => viewSubscription(row.get()));
  return toPage(views, limit, ({ id }) => id);
}

/** Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function getSubscription(house: House, caller: Caller, id: string): Promise<SubscriptionView> {
  const row = await getOwnSubscription(house, caller, id);
  return viewSubscription(row.get());
}

/** Newest first. Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function listDeliveries(
  house: House,
  caller: Caller,
  id: string,
  request: PageRequest & { readonly state?: DeliveryColumns['state'] | undefined },
): Promise<Page<DeliveryView>> {
  await getOwnSubscription(house, caller, id);
  const limit = pageLimit(request);
  const rows = await house.db.rows.deliveries.findAll({
    where: {
      subscriptionId: id,
      ...(request.state ? { state: request.state } : {}),
      ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
    },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  const views = rows.map((row) => viewDelivery(row.get()));
  return toPage(views, limit, (delivery) => delivery.id);
}

const MOST_ATTEMPTS = 100;

/** With its attempts, the newest first. Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function getDelivery(
  house: House,
  caller: Caller,
  subscriptionId: string,
  id: string,
): Promise<DeliveryView & { readonly log: readonly AttemptView[] }> {
  await getOwnSubscription(house, caller, subscriptionId);
  const row = await house.db.rows.deliveries.findOne({ where: { id, subscriptionId } });
  if (!row) throw new Fault('NOT_FOUND');
  const attempts = await house.db.rows.deliveryAttempts.findAll({
    where: { deliveryId: id },
    order: [['id', 'DESC']],
    limit: MOST_ATTEMPTS,
  });
  const log = attempts.map(({ at, durationMs, outcome, status, excerpt }) => {
    return { at: at.toISOString(), durationMs, outcome, status, excerpt };
  });
  return { ...viewDelivery(row.get()), log };
}
