/** The bureau confirms what a holder reports, or dismisses it, with its reason; the holder is told. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findBreach } from './find-breach.ts';
import { type PaperReportView, viewReport } from './view-report.ts';

export const reportJudgementSchema = z.strictObject({ confirmed: z.boolean(), reason: writtenText(1000, 2) });

/** Throws `NOT_FOUND`, `PAPER_JUDGED`, and `PAPER_NOT_OBTAINABLE` for confirming what could not be had here on that day. */
export async function judgeReport(
  house: House,
  caller: Caller,
  id: string,
  { confirmed, reason }: z.infer<typeof reportJudgementSchema>,
  remember?: Remember<PaperReportView>,
): Promise<PaperReportView> {
  requireRole(caller, 'bureau.supervisor');
  const { paperReports } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const [row] = await readRows(paperReports, { where: { id }, tx, lock: true, by: 'PRIMARY' });
    if (!row) throw new Fault('NOT_FOUND');
    if (row.state !== 'filed') throw new Fault('PAPER_JUDGED');
    if (confirmed && !row.obtainable) throw new Fault('PAPER_NOT_OBTAINABLE');
    const state = confirmed ? ('confirmed' as const) : ('dismissed' as const);
    const onceKey = confirmed ? row.onceKey : null;
    const changes = { state, onceKey, judgement: reason, judgedBy: caller.id, judgedAt: house.clock() };
    await paperReports.update(changes, { where: { id }, transaction: tx });
    const { organisationCode, number, catalogueCode, askedOn: since, holderId } = row;
    const breach = { address: `paper-reports/${id}`, organisationCode, subject: number, catalogueCode, since } as const;
    if (confirmed) await findBreach(house, tx, breach);
    const notice = {
      kind: 'paper.judged',
      subjectId: number,
      stage: state,
      facts: { reportId: id, number, state },
    } as const;
    await tellRecipients(house, tx, [{ to: `holder:${holderId}`, ...notice }]);
    const view = viewReport({ ...row, ...changes });
    await remember?.(tx, view);
    await appendAudit(house, tx, caller, { act: 'paper.judge', details: { paperReportId: id, state } });
    return view;
  });
}
