/** How telling others stands, for operators and metrics. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';

export interface WebhookFigures {
  /** Committed changes that have no position yet. */
  readonly unsequenced: number;
  readonly subscriptions: { readonly active: number; readonly paused: number; readonly disabled: number };
  /** Active subscriptions whose last attempts failed or were put off. */
  readonly failing: number;
  /** Deliveries of active subscriptions that wait, held back ones among them. */
  readonly depth: number;
  /** Age of the oldest of them. */
  readonly oldestWaitingSeconds: number;
  /** Deliveries given up in the last day. */
  readonly failedToday: number;
  /** Changes of the feed that have not become deliveries yet, of the subscription that is furthest behind. */
  readonly behind: number;
  /** Bodies that handle a next step and have no active subscription: they have to look for themselves. */
  readonly untoldBodies: readonly string[];
}

const DAY_MS = 86_400_000;

export async function countSubscriptions(house: House): Promise<WebhookFigures> {
  const { changeHead, changeIntake, changeGrants, deliveries, subscriptions } = house.db.rows;
  const now = house.clock();
  const all = await subscriptions.findAll({
    attributes: ['id', 'organisationCode', 'state', 'failingSince', 'position'],
  });
  const active = all.filter(({ state }) => state === 'active');
  const waiting = { state: 'waiting' as const, subscriptionId: { [Op.in]: active.map(({ id }) => id) } };
  const oldest = await deliveries.findOne({ where: waiting, attributes: ['createdAt'], order: [['createdAt', 'ASC']] });
  const head = (await changeHead.findByPk(1))?.position ?? 0;
  const named = await changeGrants.findAll({ where: { nextStep: true }, attributes: ['organisationCode'] });
  const told = new Set(active.map(({ organisationCode }) => organisationCode));
  const since = new Date(now.getTime() - DAY_MS);
  return {
    unsequenced: await changeIntake.count(),
    subscriptions: {
      active: active.length,
      paused: all.filter(({ state }) => state === 'paused').length,
      disabled: all.filter(({ state }) => state === 'disabled').length,
    },
    failing: active.filter(({ failingSince }) => failingSince !== null).length,
    depth: await deliveries.count({ where: waiting }),
    oldestWaitingSeconds: oldest ? Math.max(0, Math.round((now.getTime() - oldest.createdAt.getTime()) / 1000)) : 0,
    failedToday: await deliveries.count({ where: { state: 'failed', doneAt: { [Op.gte]: since } } }),
    behind: Math.max(0, ...active.map(({ position }) => head - position)),
    untoldBodies: [...new Set(named.map((row) => row.organisationCode))].filter((code) => !told.has(code)).sort(),
  };
}
