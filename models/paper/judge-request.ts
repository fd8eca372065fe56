/** The bureau judges the exception by which a body asked for paper: one that is untenable is a breach. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findBreach } from './find-breach.ts';
import { type PaperRequestView, viewRequest } from './view-request.ts';

export const requestJudgementSchema = z.strictObject({ tenable: z.boolean(), reason: writtenText(1000, 2) });

/** Throws `NOT_FOUND`, `PAPER_NOT_EXCEPTED`, `PAPER_JUDGED`. */
export async function judgeRequest(
  house: House,
  caller: Caller,
  id: string,
  { tenable, reason }: z.infer<typeof requestJudgementSchema>,
  remember?: Remember<PaperRequestView>,
): Promise<PaperRequestView> {
  requireRole(caller, 'bureau.supervisor');
  const { paperRequests } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const [row] = await readRows(paperRequests, { where: { id }, tx, lock: true, by: 'PRIMARY' });
    if (!row) throw new Fault('NOT_FOUND');
    if (row.outcome !== 'excepted') throw new Fault('PAPER_NOT_EXCEPTED');
    if (row.judgedAt !== null) throw new Fault('PAPER_JUDGED');
    const changes = { tenable, judgement: reason, judgedBy: caller.id, judgedAt: house.clock() };
    await paperRequests.update(changes, { where: { id }, transaction: tx });
    const { organisationCode, caseNumber: subject, catalogueCode, askedAt: since } = row;
    const breach = { address: `paper-requests/${id}`, organisationCode, subject, catalogueCode, since } as const;
    if (!tenable) await findBreach(house, tx, breach);
    const view = viewRequest({ ...row, ...changes });
    await remember?.(tx, view);
    await appendAudit(house, tx, caller, { act: 'paper.judge', details: { paperRequestId: id, tenable } });
    return view;
  });
}
