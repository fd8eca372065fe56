/** Which subscriptions have something to be sent now. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { readHead } from '../publication/read-feed.ts';
import { instantText } from '../store/bulk-values.ts';

export interface SubscriptionWork {
  readonly id: string;
  /** Its last attempt failed, or took long. */
  readonly troubled: boolean;
}

/** Whoever took longer than this the last time stands with the troubled. */
const SLOW_MS = 3000;

export async function findWork(house: House): Promise<SubscriptionWork[]> {
  const { sequelize, rows } = house.db;
  const now = house.clock();
  const head = await readHead(house);
  const active = await rows.subscriptions.findAll({ where: { state: 'active' }, order: [['id', 'ASC']] });
  const awake = active.filter(({ restUntil }) => restUntil === null || restUntil <= now);
  if (awake.length === 0) return [];
  const waiting = await sequelize.query<{ readonly id: string }>(
    `SELECT DISTINCT subscription_id AS id FROM deliveries
     WHERE subscription_id IN (:ids) AND state = 'waiting' AND run_at <= :now`,
    {
      replacements: { ids: awake.map(({ id }) => id), now: instantText(now, house.db.dialect) },
      type: QueryTypes.SELECT,
    },
  );
  const due = new Set(waiting.map(({ id }) => id));
  return awake.flatMap(({ id, position, failures, lastDurationMs }) =>
    position < head || due.has(id) ? [{ id, troubled: failures > 0 || lastDurationMs > SLOW_MS }] : [],
  );
}
