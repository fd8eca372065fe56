/** Closing notices (办结通知): cases are closed and their licences must be pushed in time, seen even if they never come. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type BulkOutcome, doneOf, type RememberAll } from '../licence/bulk-outcome.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type ClosingNotice, judgeNotices } from './closing-notice.ts';
import { type CaseView, type RecordedCase, recordCases } from './record-cases.ts';

/** Throws the faults of the notice. */
export async function closeCase(
  house: House,
  caller: Caller,
  notice: ClosingNotice,
  source = 'api',
  remember?: Remember<CaseView>,
): Promise<CaseView> {
  const keep: RememberAll<RecordedCase> = async (tx, [one]) => {
    if (one) await remember?.(tx, viewOf(one.done));
  };
  // A front-end row was declared when it was written, however late it is read.
  const declaredAt = caller.arrival?.pushedAt ?? house.clock();
  const [outcome] = await closeCases(house, caller, [notice], { source, declaredAt }, keep);
  if (!outcome || 'fault' in outcome) throw outcome?.fault ?? new Fault('INTERNAL');
  return viewOf(outcome.done);
}

const viewOf = ({ fresh: _, ...view }: RecordedCase): CaseView => view;

/** Each is judged alone by the same rules; all good ones are kept in one transaction. In the order of the notices. */
export async function closeCases(
  house: House,
  caller: Caller,
  notices: readonly ClosingNotice[],
  { source, declaredAt }: { readonly source: string; readonly declaredAt: Date },
  remember?: RememberAll<RecordedCase>,
): Promise<readonly BulkOutcome<RecordedCase>[]> {
  requireRole(caller, 'issuer.clerk');
  const issuingBody = requireOrganisation(caller);
  await requireActive(house, issuingBody);
  const judged = await judgeNotices(house, issuingBody, notices, declaredAt);
  const good = notices.filter((_, place) => judged[place]?.length === 0);
  const refused = (errors: (typeof judged)[number]) => ({ fault: new Fault('REQUEST_INVALID', { errors }) });
  if (good.length === 0) return judged.map(refused);
  return withTransaction(house.db, async (tx) => {
    const recorded = await recordCases(house, tx, issuingBody, good, source);
    let next = 0;
    const outcomes = judged.map((faults): BulkOutcome<RecordedCase> => {
      if (faults.length > 0) return refused(faults);
      const done = recorded[next];
      next += 1;
      if (!done) throw new Error('a case was not recorded');
      return { done };
    });
    const logged = good.map(
      ({ caseNumber, mode }): AuditFacts => ({ act: 'case.close', caseNumber, details: { mode } }),
    );
    await remember?.(tx, doneOf(outcomes));
    await appendAudits(house, tx, caller, logged);
    return outcomes;
  });
}
