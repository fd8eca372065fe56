/** Keep what came of a round of attempts, and what it says of the receiver: tried again by the retry table, resting while it
 *  seems to be down, disabled when it is gone or has taken nothing for days. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import type { Row } from '../store/define-table.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { ClaimedRound } from './claim-deliveries.ts';
import { disableSubscription } from './disable-subscription.ts';
import { DISABLED_AFTER_DAYS, FAILURES_BEFORE_REST, judgeFailure, REST_SECONDS } from './retry-table.ts';
import type { DeliveryColumns, Outcome, SubscriptionColumns } from './rows.ts';

export interface Attempt {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly excerpt: string | null;
  readonly durationMs: number;
  readonly at: Date;
  /** The receiver asks for nothing before then. */
  readonly notBefore?: Date;
}

const DAY_MS = 86_400_000;
/** Too many requests, and not now: with `Retry-After` the receiver only asks for time. */
const ASKING_FOR_TIME: readonly (number | null)[] = [429, 503];

/** @param attempts one for each delivery of the round, in its order */
export async function settleDeliveries(
  house: House,
  { subscription: { id: subscriptionId }, deliveries }: ClaimedRound,
  attempts: readonly Attempt[],
): Promise<void> {
  const { subscriptions, deliveryAttempts } = house.db.rows;
  await withTransaction(house.db, async (tx) => {
    const subscription = await subscriptions.findByPk(subscriptionId, { transaction: tx, lock: true });
    // Removed meanwhile, and all that belonged to it.
    if (!subscription) return;
    for (const [index, delivery] of deliveries.entries()) {
      const attempt = attempts[index];
      if (attempt) await settleOne(house, tx, delivery, attempt);
    }
    const rows = deliveries.flatMap(({ id: deliveryId }, index) => {
      const attempt = attempts[index];
      if (!attempt) return [];
      const { notBefore: _, ...kept } = attempt;
      return [{ ...kept, id: house.newId(), deliveryId }];
    });
    await deliveryAttempts.bulkCreate(rows, { transaction: tx });
    await judgeReceiver(house, tx, subscription, attempts);
  });
}

async function settleOne(house: House, tx: Tx, delivery: DeliveryColumns, attempt: Attempt): Promise<void> {
  const { id, owner, lockedUntil, createdAt } = delivery;
  const now = house.clock();
  const free = { lockedUntil: null, owner: null, lastOutcome: attempt.outcome, lastStatus: attempt.status };
  const isOver = attempt.outcome === 'DELIVERED' || attempt.outcome === 'GONE' || attempt.outcome === 'NOT_KEPT';
  const failed = { createdAt, attempts: delivery.attempts, isPutOff: isPutOff(attempt) };
  const { attempts, runAt } = isOver
    ? { attempts: delivery.attempts + 1, runAt: undefined }
    : judgeFailure(now, failed, house.random);
  const settled = runAt
    ? { runAt: lastOf(runAt, attempt.notBefore) ?? runAt }
    : { state: attempt.outcome === 'DELIVERED' ? ('delivered' as const) : ('failed' as const), doneAt: now };
  // Whoever took it over after the lease settles it.
  const where = { id, owner, lockedUntil, state: 'waiting' as const };
  await house.db.rows.deliveries.update({ ...free, ...settled, attempts }, { where, transaction: tx });
}

function isPutOff({ status, notBefore }: Attempt): boolean {
  return notBefore !== undefined && ASKING_FOR_TIME.includes(status);
}

/** The last of those that are given. */
function lastOf(...times: readonly (Date | null | undefined)[]): Date | null {
  return times.reduce<Date | null>((last, time) => (time && (!last || time > last) ? time : last), null);
}

async function judgeReceiver(
  house: House,
  tx: Tx,
  row: Row<SubscriptionColumns>,
  attempts: readonly Attempt[],
): Promise<void> {
  const now = house.clock();
  const failed = attempts.filter(({ outcome }) => outcome !== 'NOT_SIGNED' && outcome !== 'NOT_KEPT');
  if (failed.length === 0) return;
  if (attempts.some(({ outcome }) => outcome === 'GONE')) return disableSubscription(house, tx, row, 'GONE');
  const lastDurationMs = Math.max(...failed.map(({ durationMs }) => durationMs));
  const askedFor = lastOf(...failed.map(({ notBefore }) => notBefore));
  if (attempts.some(({ outcome }) => outcome === 'DELIVERED')) {
    // Not after a rest that it asked for: then nothing waits because it was down.
    if (row.failures >= FAILURES_BEFORE_REST) await hurry(house, tx, row.id);
    const well = { failures: 0, failingSince: null, restUntil: askedFor, lastSuccessAt: now, lastDurationMs };
    await row.update(well, { transaction: tx });
    return;
  }
  const failures = row.failures + failed.filter((attempt) => !isPutOff(attempt)).length;
  const failingSince = row.failingSince ?? now;
  const rests = failures >= FAILURES_BEFORE_REST;
  const restUntil = lastOf(rests ? new Date(now.getTime() + REST_SECONDS * 1000) : null, askedFor);
  await row.update({ failures, failingSince, restUntil, lastDurationMs }, { transaction: tx });
  if (now.getTime() - failingSince.getTime() >= DISABLED_AFTER_DAYS * DAY_MS)
    await disableSubscription(house, tx, row, 'FAILING');
}

/** The receiver is back: what waited for it waits no longer. */
async function hurry(house: House, tx: Tx, subscriptionId: string): Promise<void> {
  const now = house.clock();
  const where = { subscriptionId, state: 'waiting' as const, runAt: { [Op.gt]: now } };
  await house.db.rows.deliveries.update({ runAt: now }, { where, transaction: tx });
}
