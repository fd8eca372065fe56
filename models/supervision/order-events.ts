/** The course of an order: every step with who took it and when, and in the access log. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { OrderColumns, OrderEventColumns } from './rows.ts';

export type StepFacts = Pick<OrderEventColumns, 'act'> & {
  readonly words?: string | null | undefined;
  readonly details?: OrderEventColumns['details'];
};

/** The last but the remembering of a transaction: it holds the head of the access log. */
export async function recordStep(
  house: House,
  tx: Tx,
  caller: Caller,
  order: Pick<OrderColumns, 'id' | 'number' | 'organisationCode'>,
  { act, words = null, details = {} }: StepFacts,
): Promise<void> {
  const { id: orderId, number } = order;
  const { id: actor, name: actorName, organisationCode } = caller;
  const row = { id: house.newId(), orderId, act, organisationCode, actor, actorName, words, details };
  await house.db.rows.orderEvents.create({ ...row, at: house.clock() }, { transaction: tx });
  const facts = { orderId, number, act, body: order.organisationCode, ...details };
  await appendAudit(house, tx, caller, { act: AUDITED[act] ?? 'supervision.order', details: facts });
}

const AUDITED: Readonly<Partial<Record<OrderEventColumns['act'], 'supervision.circular' | 'supervision.referral'>>> = {
  criticise: 'supervision.circular',
  refer: 'supervision.referral',
  conclude: 'supervision.referral',
};
