/** Answer an objection: the issuer's reviewer upholds or rejects it, with reason; its clock stops (M-20). */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { meetDeadlines } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const answerSchema = z.strictObject({
  outcome: z.enum(['upheld', 'rejected']),
  answer: writtenText(4000, 4),
});

/** Throws `NOT_FOUND` for another issuer's, `STATE_CONFLICT` for one that is answered. */
export async function answerObjection(
  house: House,
  caller: Caller,
  number: string,
  input: z.infer<typeof answerSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, 'issuer.reviewer');
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.objections.findOne({ where: { number }, transaction: tx, lock: true });
    if (!row || row.issuingBody !== requireOrganisation(caller)) throw new Fault('NOT_FOUND');
    if (row.state !== 'filed') throw new Fault('STATE_CONFLICT', { detail: row.state });
    const now = house.clock();
    await row.update(
      { state: input.outcome, answer: input.answer, answeredBy: caller.id, answeredAt: now },
      { transaction: tx },
    );
    await meetDeadlines(house, tx, [row.id], now);
    await appendAudit(house, tx, caller, {
      act: 'objection.answer',
      licenceId: row.licenceId,
      details: { number, outcome: input.outcome },
    });
    const view = await viewObjection(house, row.get(), tx);
    await remember?.(tx, view);
    return view;
  });
}
