/** What the body does with an order: it acknowledges it, and tells what it has put right, with the digest of the evidence it keeps. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { meetDeadlines } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { writtenText } from '../kernel/written-text.ts';
import { moveOrder } from './move-order.ts';
import { SUPERVISED } from './sides.ts';
import type { OrderView } from './view-order.ts';

export const acknowledgementSchema = z.strictObject({});
export const orderAnswerSchema = z.strictObject({
  answer: writtenText(4000, 4),
  /** SM3 of the evidence. */
  evidenceDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/** Throws as `moveOrder`. */
export async function acknowledgeOrder(
  house: House,
  caller: Caller,
  orderId: string,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireBody(caller);
  return moveOrder(house, caller, { orderId, act: 'acknowledge' }, async () => ({}), remember);
}

/** The clock stops, late or in time. Throws as `moveOrder`. */
export async function answerOrder(
  house: House,
  caller: Caller,
  orderId: string,
  { answer, evidenceDigest = undefined }: z.infer<typeof orderAnswerSchema>,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireBody(caller);
  const details = { evidenceDigest: evidenceDigest ?? null };
  return moveOrder(
    house,
    caller,
    { orderId, act: 'answer', words: answer, details },
    async (tx, { clockId }) => {
      await meetDeadlines(house, tx, [clockId], house.clock());
      return { answer, evidenceDigest: evidenceDigest ?? null };
    },
    remember,
  );
}

function requireBody(caller: Caller): void {
  requireRole(caller, ...SUPERVISED);
  requireOrganisation(caller);
}
