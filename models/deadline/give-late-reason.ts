/** Why a clock is late, in the words of the department whose it is: given once, seen by it and by the bureau. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findClocks } from './find-clocks.ts';
import { type DeadlineItem, describeClocks } from './list-deadlines.ts';

export const lateReasonSchema = z.strictObject({ reason: writtenText(500, 4) });

/** Throws `NOT_FOUND` for another body's clock, `CLOCK_NOT_LATE`, `LATE_REASON_GIVEN`. */
export async function giveLateReason(
  house: House,
  caller: Caller,
  id: string,
  { reason }: z.infer<typeof lateReasonSchema>,
  remember?: Remember<DeadlineItem>,
): Promise<DeadlineItem> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer');
  const organisationCode = requireOrganisation(caller);
  return withTransaction(house.db, async (tx) => {
    const where = { id, organisationCode };
    const row = await house.db.rows.deadlines.findOne({ where, transaction: tx, lock: true });
    if (!row) throw new Fault('NOT_FOUND');
    const now = house.clock();
    const clock = (await findClocks(house, [row.subjectId], tx)).get(row.subjectId);
    const { dueAt, provisional } = clock ?? { dueAt: row.dueAt, provisional: false };
    if (!(row.late ?? now > dueAt)) throw new Fault('CLOCK_NOT_LATE');
    if (row.lateReason !== null) throw new Fault('LATE_REASON_GIVEN');
    await row.update({ lateReason: reason, lateReasonBy: caller.id, lateReasonAt: now }, { transaction: tx });
    await appendAudit(house, tx, caller, { act: 'deadline.reason', details: { deadlineId: id, kind: row.kind } });
    const [item] = await describeClocks(house, 'overdue', now, [{ ...row.get(), dueAt, provisional }], tx);
    if (!item) throw new Fault('NOT_FOUND');
    await remember?.(tx, item);
    return item;
  });
}
