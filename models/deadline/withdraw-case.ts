/** A closing notice that was given by mistake is taken back, as long as nothing has come of it: the case and its clock leave the lists
 *  and stay on record. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findClocks } from './find-clocks.ts';
import { keepPast } from './keep-past.ts';
import type { CaseView } from './record-cases.ts';
import { type CaseColumns, STANDS } from './rows.ts';

export const caseWithdrawalSchema = z.strictObject({
  caseNumber: writtenText(64),
  catalogueCode: z.string().length(21),
  reason: writtenText(1000),
  /** Whose case it is; stated by the bureau only. */
  organisationCode: z.string().length(18).optional(),
});
type CaseWithdrawal = z.infer<typeof caseWithdrawalSchema>;

export interface WithdrawnCase extends CaseView {
  readonly withdrawnAt: string;
}

/** The body's own before it is overdue; the bureau's officer any body's, also after. Throws `NOT_FOUND`, also of one that was taken back
 *  already, `CASE_HAS_LICENCE`, `CASE_OVERDUE`. */
export async function withdrawCase(
  house: House,
  caller: Caller,
  input: CaseWithdrawal,
  remember?: Remember<WithdrawnCase>,
): Promise<WithdrawnCase> {
  requireRole(caller, 'issuer.clerk', 'bureau.officer');
  const issuingBody = bodyOf(caller, input);
  const { caseNumber, catalogueCode, reason } = input;
  return withTransaction(house.db, async (tx) => {
    const { cases, deadlines } = house.db.rows;
    const where = { issuingBody, caseNumber, catalogueCode, ...STANDS };
    const [row] = await readRows(cases, { where, tx, lock: true, by: 'cases_entry' });
    if (!row) throw new Fault('NOT_FOUND');
    const now = house.clock();
    const clock = await house.db.rows.deadlines.findOne({ where: { subjectId: row.id }, transaction: tx });
    if (row.licenceId !== null || (clock && clock.metAt !== null)) throw new Fault('CASE_HAS_LICENCE');
    const { dueAt = now } = (await findClocks(house, [row.id], tx)).get(row.id) ?? {};
    if (!isBureau(caller) && dueAt < now) throw new Fault('CASE_OVERDUE', { detail: dueAt.toISOString() });
    const withdrawn = { withdrawnKey: row.id, withdrawnAt: now, withdrawnBy: caller.id, withdrawnReason: reason };
    await cases.update(withdrawn, { where: { id: row.id }, transaction: tx });
    await keepPast(house, tx, [row.id]);
    // Stopped, and neither met nor late.
    const stopped = { metAt: now, late: false, withdrawnAt: now, dueAt };
    await deadlines.update(stopped, { where: { subjectId: row.id }, transaction: tx });
    await appendAudit(house, tx, caller, { act: 'case.withdraw', caseNumber, details: { issuingBody, catalogueCode } });
    const view = viewWithdrawn(row, now);
    await remember?.(tx, view);
    return view;
  });
}

const isBureau = ({ roles }: Caller) => roles.includes('bureau.officer');

function bodyOf(caller: Caller, { organisationCode }: CaseWithdrawal): string {
  if (!isBureau(caller)) return requireOrganisation(caller);
  if (!organisationCode) throwFaults([{ pointer: '/organisationCode', code: 'FIELD_REQUIRED' }]);
  return organisationCode ?? '';
}

const viewWithdrawn = ({ caseNumber, mode, closedAt }: CaseColumns, at: Date): WithdrawnCase => ({
  ...{ caseNumber, mode, closedAt: closedAt.toISOString(), dueAt: null, withdrawnAt: at.toISOString() },
});
