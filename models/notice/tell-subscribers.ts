/** A body's own subscriptions that name `notice`, or the kind, among their acts get its notices as deliveries. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { newDelivery } from '../subscription/new-delivery.ts';
import type { NoticeColumns } from './rows.ts';
import { viewNotice } from './view-notice.ts';

const BODY = 'body:';

/** @param told those that were already kept before are left out here */
export async function tellSubscribers(house: House, tx: Tx, told: readonly NoticeColumns[]): Promise<void> {
  const bodies = [...new Set(told.map(({ recipient }) => recipient))].filter((to) => to.startsWith(BODY));
  if (bodies.length === 0) return;
  const { subscriptions, deliveries, notices } = house.db.rows;
  const codes = bodies.map((to) => to.slice(BODY.length));
  const where = { organisationCode: { [Op.in]: codes }, state: 'active' as const };
  const found = (await readRows(subscriptions, { where, tx })).filter(({ acts }) => acts !== null);
  if (found.length === 0) return;
  const ids = { id: { [Op.in]: told.map(({ id }) => id) } };
  const kept = new Set((await readRows(notices, { where: ids, attributes: ['id'], tx })).map(({ id }) => id));
  const rows = found.flatMap(({ id: subscriptionId, organisationCode, acts }) =>
    told
      .filter(({ id, recipient }) => kept.has(id) && recipient === `${BODY}${organisationCode}`)
      .filter(({ kind }) => acts?.includes('notice') || acts?.includes(kind))
      .map((notice) => {
        const { readAt: _, readBy: __, ...content } = viewNotice(notice);
        return newDelivery(house, subscriptionId, { kind: 'told', content: { ...content } });
      }),
  );
  if (rows.length > 0) await insertRows(house.db, tx, deliveries, rows);
}
