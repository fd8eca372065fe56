/** After an order that was not carried out: the circular of criticism is published to all bodies, then liability is referred to the
 *  authority that judges it, with the whole record (M-29). */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { meetDeadlines } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { type Notice, tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { describeLateness, dropDraft, findPassedLimit } from './draft-circulars.ts';
import { giveNumber } from './give-number.ts';
import { listOrderFindings } from './list-order-findings.ts';
import { moveOrder } from './move-order.ts';
import type { OrderColumns } from './rows.ts';
import { type OrderView, viewOrder } from './view-order.ts';

export const circularSchema = z.strictObject({
  /** In place of the drafted one. */
  text: writtenText(4000, 10).optional(),
});
export const referralSchema = z.strictObject({
  authority: writtenText(120, 2),
  legalBasis: writtenText(500, 4),
  reason: writtenText(2000, 4),
});
export const conclusionSchema = z.strictObject({ outcome: writtenText(2000, 2) });

/** Publish the draft. Throws `ORDER_NOT_LATE` when the clock has drafted none, or the calendar has moved the limit since, and as `moveOrder`. */
export async function criticiseOrder(
  house: House,
  caller: Caller,
  orderId: string,
  input: z.infer<typeof circularSchema>,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireRole(caller, 'bureau.supervisor');
  return moveOrder(
    house,
    caller,
    { orderId, act: 'criticise' },
    async (tx, order) => {
      const { circulars } = house.db.rows;
      const draft = await circulars.findByPk(orderId, { transaction: tx, lock: true });
      const dueAt = await findPassedLimit(house, tx, order);
      if (draft?.state !== 'draft' || !dueAt) throw new Fault('ORDER_NOT_LATE');
      const written = { dueAt, ...describeLateness(house, order, dueAt) };
      const number = await giveNumber(house, tx, 'circular');
      const published = { state: 'published' as const, publishedAt: house.clock(), publishedBy: caller.id };
      const text = input.text ?? written.text;
      await draft.update({ ...published, number, ...written, text }, { transaction: tx });
      await tellAll(house, tx, order, number);
      return {};
    },
    remember,
  );
}

async function tellAll(house: House, tx: Tx, order: OrderColumns, number: string): Promise<void> {
  const bodies = await readRows(house.db.rows.organisations, { where: {}, attributes: ['code'], tx });
  const facts = { orderId: order.id, organisationCode: order.organisationCode, number };
  const notices = bodies.map(
    ({ code }): Notice => ({ to: `body:${code}`, kind: 'circular.published', subjectId: number, stage: '', facts }),
  );
  await tellRecipients(house, tx, notices);
}

/** The record goes with it as it is now: order, findings in full, course and circular. Throws as `moveOrder`. */
export async function referOrder(
  house: House,
  caller: Caller,
  orderId: string,
  { authority, legalBasis, reason }: z.infer<typeof referralSchema>,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireRole(caller, 'bureau.supervisor');
  return moveOrder(
    house,
    caller,
    { orderId, act: 'refer', words: reason, details: { authority } },
    async (tx, order) => {
      await meetDeadlines(house, tx, [order.clockId], house.clock());
      const view = await viewOrder(house, order, true, tx);
      const record = { ...view, listed: await listOrderFindings(house, view.findings, tx) };
      const recordDigest = await house.blobs.put(new TextEncoder().encode(canonicalJson(record)));
      const number = await giveNumber(house, tx, 'referral');
      const referral = { id: orderId, number, authority, legalBasis, reason, recordDigest };
      const made = { referredAt: house.clock(), referredBy: caller.id, outcome: null, concludedAt: null };
      await house.db.rows.referrals.create({ ...referral, ...made }, { transaction: tx });
      return {};
    },
    remember,
  );
}

/** What became of it. Throws as `moveOrder`. */
export async function concludeReferral(
  house: House,
  caller: Caller,
  orderId: string,
  { outcome }: z.infer<typeof conclusionSchema>,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireRole(caller, 'bureau.supervisor');
  return moveOrder(
    house,
    caller,
    { orderId, act: 'conclude', words: outcome },
    async (tx) => {
      const changes = { outcome, concludedAt: house.clock() };
      await house.db.rows.referrals.update(changes, { where: { id: orderId }, transaction: tx });
      await dropDraft(house, tx, orderId);
      return {};
    },
    remember,
  );
}
