/** A closing notice that was given by mistake is taken back, as long as nothing has come of it: the case and its clock leave the lists
 *  and stay on record. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
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
    const where = { issuingBody, caseNumber, catalogueCode, ...STANDS };
    const [row] = await readRows(house.db.rows.cases, { where, tx, lock: true, by: 'cases_entry' });
    if (!row) throw new Fault('NOT_FOUND');
    const now = house.clock();
    const clock = await house.db.rows.deadlines.findOne({ where: { subjectId: row.id }, transaction: tx });
    if (row.licenceId !== null || (clock && clock.metAt !== null)) throw new Fault('CASE_HAS_LICENCE');
    const { dueAt = now } = (await findClocks(house, [row.id], tx)).get(row.id) ?? {};
    if (!isBureau(caller) && dueAt < now) throw new Fault('CASE_OVERDUE', { detail: dueAt.toISOString() });
    const logged = await stopCases(house, tx, caller, [{ row, reason }]);
    const view = viewWithdrawn(row, now);
    await remember?.(tx, view);
    await appendAudits(house, tx, caller, logged);
    return view;
  });
}

/** They leave the lists; their clocks stop, neither met nor late. They are held. Gives what is to be logged. */
export async function stopCases(
  house: House,
  tx: Tx,
  caller: Caller,
  mistaken: readonly { readonly row: CaseColumns; readonly reason: string }[],
): Promise<readonly AuditFacts[]> {
  const { cases, deadlines } = house.db.rows;
  const now = house.clock();
  const ids = mistaken.map(({ row }) => row.id);
  await keepPast(house, tx, ids);
  const states = await findClocks(house, ids, tx);
  const said = { withdrawnAt: now, withdrawnBy: caller.id };
  const withdrawn = mistaken.map(({ row: { id }, reason }) => ({
    ...{ id, withdrawnKey: id, withdrawnReason: reason, ...said },
  }));
  await updateRows(house.db, tx, cases, 'id', withdrawn);
  const stopped = [...states].map(([subjectId, { dueAt }]) => ({
    ...{ subjectId, metAt: now, late: false, withdrawnAt: now, dueAt },
  }));
  await updateRows(house.db, tx, deadlines, 'subjectId', stopped);
  return mistaken.map(({ row: { caseNumber, issuingBody, catalogueCode } }) => ({
    ...{ act: 'case.withdraw', caseNumber, details: { issuingBody, catalogueCode } },
  }));
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
