/** Orders and circulars: a body's own orders, all for the bureau; circulars that are published for everybody, drafts for the bureau. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { ROLES } from '../account/roles.ts';
import { logAccess } from '../audit/append-audit.ts';
import { findClocks } from '../deadline/find-clocks.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { ORDER_STATES } from './order-moves.ts';
import type { CircularColumns, OrderColumns } from './rows.ts';
import { BUREAU, requireReader, seesAll } from './sides.ts';
import { type CircularView, viewCircular } from './view-circular.ts';
import { type OrderSummary, type OrderView, summarizeOrder, viewOrder } from './view-order.ts';

export const orderFilterSchema = z.strictObject({
  state: z.enum(ORDER_STATES).optional(),
  organisationCode: z.string().length(18).optional(),
});

/** Newest first. */
export async function listOrders(
  house: House,
  caller: Caller,
  { state, organisationCode, ...request }: z.infer<typeof orderFilterSchema> & PageRequest,
): Promise<Page<OrderSummary>> {
  const body = requireReader(caller) ?? organisationCode;
  await logAccess(house, caller, { act: 'supervision.read', details: { list: 'orders' } });
  const limit = pageLimit(request);
  const where: WhereOptions<OrderColumns> = {
    ...(body ? { organisationCode: body } : {}),
    ...(state ? { state } : {}),
    ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
  };
  const rows = await readRows(house.db.rows.orders, { where, order: [['id', 'DESC']], limit: limit + 1 });
  const { items, next } = toPage(rows, limit, ({ id }) => id);
  const clocks = await findClocks(
    house,
    items.map(({ clockId }) => clockId),
  );
  return { items: items.map((row) => summarizeOrder(row, clocks.get(row.clockId))), next };
}

/** Throws `NOT_FOUND`, also for another body's. */
export async function readOrder(house: House, caller: Caller, id: string): Promise<OrderView> {
  const row = await findOrder(house, caller, id);
  return viewOrder(house, row, seesAll(caller));
}

/** The record that went with the referral, byte for byte as its digest says; the bureau sends it. Throws `NOT_FOUND` where none was referred. */
export async function readReferralRecord(house: House, caller: Caller, id: string): Promise<Uint8Array> {
  requireRole(caller, ...BUREAU);
  await findOrder(house, caller, id);
  const referral = await house.db.rows.referrals.findByPk(id);
  if (!referral) throw new Fault('NOT_FOUND');
  return house.blobs.get(referral.recordDigest);
}

async function findOrder(house: House, caller: Caller, id: string): Promise<OrderColumns> {
  const own = requireReader(caller);
  const row = await house.db.rows.orders.findByPk(id);
  const seen = row && (own === undefined || row.organisationCode === own);
  await logAccess(house, caller, {
    ...{ act: 'supervision.read', outcome: seen ? 'done' : 'refused', details: { orderId: id.slice(0, 40) } },
  });
  if (!seen) throw new Fault('NOT_FOUND');
  return row.get();
}

export const circularFilterSchema = z.strictObject({ state: z.enum(['draft', 'published', 'dropped']).optional() });

/** By order, newest first. */
export async function listCirculars(
  house: House,
  caller: Caller,
  { state, ...request }: z.infer<typeof circularFilterSchema> & PageRequest,
): Promise<Page<CircularView>> {
  requireRole(caller, ...ROLES.filter((role) => role !== 'holder'));
  await logAccess(house, caller, { act: 'supervision.read', details: { list: 'circulars' } });
  const limit = pageLimit(request);
  const where: WhereOptions<CircularColumns> = {
    [Op.and]: [
      ...(seesAll(caller) ? [] : [{ state: 'published' as const }]),
      ...(state ? [{ state }] : []),
      ...(request.after ? [{ id: { [Op.lt]: request.after } }] : []),
    ],
  };
  const rows = await readRows(house.db.rows.circulars, { where, order: [['id', 'DESC']], limit: limit + 1 });
  return toPage(rows.map(viewCircular), limit, ({ orderId }) => orderId);
}
