/** The bureau checks what a body has answered: done, or not done and returned with a new limit; or it takes the order back. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { meetDeadlines } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import type { Tx } from '../store/with-transaction.ts';
import { dropDraft } from './draft-circulars.ts';
import { startRound, workingDaysSchema } from './issue-order.ts';
import { moveOrder } from './move-order.ts';
import type { OrderColumns } from './rows.ts';
import type { OrderView } from './view-order.ts';

/** Limits that one order may set. */
const MOST_ROUNDS = 3;

export const checkSchema = z.strictObject({ reason: writtenText(1000, 2) });
export const returnSchema = checkSchema.extend({
  /** Of the new limit; left out when no further one is set: after three, or after the circular. */
  workingDays: workingDaysSchema.optional(),
});

/** Throws as `moveOrder`. */
export async function acceptOrder(
  house: House,
  caller: Caller,
  orderId: string,
  { reason }: z.infer<typeof checkSchema>,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireRole(caller, 'bureau.supervisor');
  const act = { orderId, act: 'accept', words: reason } as const;
  return moveOrder(house, caller, act, (tx) => endQuietly(house, tx, orderId), remember);
}

/** Throws `FIELD_REQUIRED` without a new limit where there may be one, `ORDER_RETURNS_FULL` with one where not, and as `moveOrder`. */
export async function returnOrder(
  house: House,
  caller: Caller,
  orderId: string,
  { reason, workingDays }: z.infer<typeof returnSchema>,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireRole(caller, 'bureau.supervisor');
  const details = { workingDays: workingDays ?? null };
  return moveOrder(
    house,
    caller,
    { orderId, act: 'return', words: reason, details },
    async (tx, order, next) => {
      const mayLimit = next === 'returned' && order.rounds < MOST_ROUNDS;
      if (!mayLimit && workingDays !== undefined) throw new Fault('ORDER_RETURNS_FULL');
      if (mayLimit && workingDays === undefined) throwFaults([{ pointer: '/workingDays', code: 'FIELD_REQUIRED' }]);
      if (next !== 'returned') return {};
      // Without a further limit the clock drafts the circular once the last one has passed.
      return workingDays === undefined ? {} : setLimit(house, tx, order, workingDays);
    },
    remember,
  );
}

async function setLimit(house: House, tx: Tx, order: OrderColumns, workingDays: number) {
  const rounds = order.rounds + 1;
  const changes = { rounds, workingDays, clockId: `${order.id}:${rounds}` };
  await startRound(house, tx, { ...order, ...changes });
  await dropDraft(house, tx, order.id);
  return changes;
}

/** Issued in error. Throws as `moveOrder`. */
export async function withdrawOrder(
  house: House,
  caller: Caller,
  orderId: string,
  { reason }: z.infer<typeof checkSchema>,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireRole(caller, 'bureau.supervisor');
  return moveOrder(
    house,
    caller,
    { orderId, act: 'withdraw', words: reason },
    async (tx, { clockId }) => {
      await meetDeadlines(house, tx, [clockId], house.clock());
      return endQuietly(house, tx, orderId);
    },
    remember,
  );
}

async function endQuietly(house: House, tx: Tx, orderId: string): Promise<Partial<OrderColumns>> {
  await dropDraft(house, tx, orderId);
  return {};
}
