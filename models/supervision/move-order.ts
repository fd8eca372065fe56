/** Take an order to its next stage, by the table of legal moves and no other way. */
import { requireOrganisation } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { tellRecipients } from '../notice/index.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { recordStep, type StepFacts } from './order-events.ts';
import { ENDED_STATES, nextOrderState, type OrderAct, type OrderState } from './order-moves.ts';
import type { OrderColumns } from './rows.ts';
import { seesAll } from './sides.ts';
import { type OrderView, viewOrder } from './view-order.ts';

export interface OrderStep extends Omit<StepFacts, 'act'> {
  readonly orderId: string;
  readonly act: OrderAct;
}

/** What else changes with it, in the same transaction. */
type Change = (tx: Tx, order: OrderColumns, next: OrderState) => Promise<Partial<OrderColumns>>;

/** Throws `NOT_FOUND`, also for another body's order; `ORDER_MOVE_ILLEGAL` with the stage where it stands. */
export async function moveOrder(
  house: House,
  caller: Caller,
  { orderId, act, ...step }: OrderStep,
  change: Change,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  return withTransaction(house.db, async (tx) => {
    const found = await house.db.rows.orders.findByPk(orderId, { transaction: tx, lock: true });
    const row = found?.get();
    if (!row || !(seesAll(caller) || row.organisationCode === requireOrganisation(caller)))
      throw new Fault('NOT_FOUND');
    const state = nextOrderState(row.state, act);
    if (!state) throw new Fault('ORDER_MOVE_ILLEGAL', { detail: `${row.state} ${act}` });
    const ended = (ENDED_STATES as readonly string[]).includes(state);
    const changes = { state, ...(ended ? { endedAt: house.clock() } : {}), ...(await change(tx, row, state)) };
    await house.db.rows.orders.update(changes, { where: { id: orderId }, transaction: tx });
    const order = { ...row, ...changes };
    await tellOther(house, tx, order, act);
    await recordStep(house, tx, caller, order, { act, ...step });
    const view = await viewOrder(house, order, seesAll(caller), tx);
    await remember?.(tx, view);
    return view;
  });
}

const BY_THE_BODY: readonly OrderAct[] = ['acknowledge', 'answer'];

/** The bureau of what the body does, the body of what the bureau does. */
async function tellOther(house: House, tx: Tx, order: OrderColumns, act: OrderAct): Promise<void> {
  const { number, organisationCode, rounds, state } = order;
  const facts = { orderId: order.id, number, act, state };
  const own = BY_THE_BODY.includes(act);
  const to = own ? ('bureau' as const) : (`body:${organisationCode}` as const);
  const kind = own ? ('order.answered' as const) : ('order.decided' as const);
  // After the circular a body may answer any number of times, and each is told.
  const stage = `${act}-${rounds}-${state} ${house.clock().toISOString()}`;
  await tellRecipients(house, tx, [{ to, kind, subjectId: number, stage, facts }]);
}
