/** The applicant's body takes its application back, as long as nobody has decided it. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { changeAnalysis, lockAnalysis, requireState, withMove } from './move-analysis.ts';
import { type AnalysisView, viewAnalysis } from './view-analysis.ts';

/** Throws `NOT_FOUND` for another body's, `STATE_CONFLICT` once it is decided. */
export async function withdrawAnalysis(
  house: House,
  caller: Caller,
  number: string,
  remember?: Remember<AnalysisView>,
): Promise<AnalysisView> {
  requireRole(caller, 'consumer.approver');
  const organisationCode = requireOrganisation(caller);
  return withTransaction(house.db, async (tx) => {
    const row = await lockAnalysis(house, tx, number);
    if (row.organisationCode !== organisationCode) throw new Fault('NOT_FOUND');
    requireState(row, 'applied');
    const withdrawn = await changeAnalysis(house, tx, row, withMove(row, caller, 'withdrawn', house.clock()));
    await appendAudit(house, tx, caller, { act: 'analysis.withdraw', details: { number } });
    const view = viewAnalysis(withdrawn);
    await remember?.(tx, view);
    return view;
  });
}
