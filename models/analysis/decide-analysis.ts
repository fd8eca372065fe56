/** The bureau decides: grant, possibly narrowed and never widened, or refuse; not by the person who applied. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { endOfShanghaiDate, startOfShanghaiDate } from '../kernel/clock.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findWider, narrow, narrowingSchema } from './judge-grant.ts';
import { judgeTerms } from './judge-terms.ts';
import { changeAnalysis, lockAnalysis, requireState, tellOfAnalysis, withMove } from './move-analysis.ts';
import { findPersonalFields } from './personal-fields.ts';
import type { AnalysisColumns } from './rows.ts';
import { type AnalysisView, viewAnalysis } from './view-analysis.ts';

export const analysisDecisionSchema = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('granted'),
    reason: writtenText(1000, 2),
    /** What is less than was asked; what is left out is granted as asked. */
    narrowed: narrowingSchema.optional(),
  }),
  z.strictObject({ decision: z.literal('refused'), reason: writtenText(1000, 2) }),
]);
type Decision = z.infer<typeof analysisDecisionSchema>;

/** Throws `ANALYSIS_OWN`, `STATE_CONFLICT`, `GRANT_WIDER` at each place, and the faults of terms. */
export async function decideAnalysis(
  house: House,
  caller: Caller,
  number: string,
  input: Decision,
  remember?: Remember<AnalysisView>,
): Promise<AnalysisView> {
  requireRole(caller, 'bureau.officer');
  const before = await house.db.rows.analyses.findOne({ where: { number } });
  if (!before) throw new Fault('NOT_FOUND');
  if (before.appliedBy === caller.id) throw new Fault('ANALYSIS_OWN');
  requireState(before, 'applied');
  const changes = input.decision === 'granted' ? await judgeGrant(house, before.get(), input) : {};
  return withTransaction(house.db, async (tx) => {
    const row = await lockAnalysis(house, tx, number);
    requireState(row, 'applied');
    const move = withMove(row, caller, input.decision, house.clock(), input.reason);
    const decided = await changeAnalysis(house, tx, row, { ...changes, ...move });
    await tellOfAnalysis(house, tx, 'analysis.decided', decided);
    const { organisationCode, application } = row;
    const details = { number, decision: input.decision, organisationCode, granted: decided.granted };
    await appendAudit(house, tx, caller, { act: 'analysis.decide', purpose: application.purpose, details });
    const view = viewAnalysis(decided);
    await remember?.(tx, view);
    return view;
  });
}

async function judgeGrant(
  house: House,
  { asked, application }: AnalysisColumns,
  { narrowed = {} }: Extract<Decision, { decision: 'granted' }>,
): Promise<Partial<AnalysisColumns>> {
  const marked = await findPersonalFields(house, [...asked.types, ...(narrowed.types ?? [])]);
  const granted = narrow(asked, narrowed, marked);
  const faults = [...findWider(asked, granted), ...(await judgeTerms(house, granted, application.personalReason))];
  throwFaults(faults.map((fault) => ({ ...fault, pointer: `/narrowed${fault.pointer}` })));
  const { from, to } = granted.period;
  return { granted, startsAt: startOfShanghaiDate(from), expiresAt: endOfShanghaiDate(to) };
}
